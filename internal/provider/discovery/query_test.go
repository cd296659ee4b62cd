package discovery_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestQuery adopts messy organizations as the guide says: terraform query, generated configuration, imports.
func TestQuery(t *testing.T) {
	for name, organization := range map[string]struct {
		users, identities int
		behaviour         func(*sandbox.Behaviour)
	}{
		"large": {1000, 50, func(*sandbox.Behaviour) {}},
		"odd server": {100, 20, func(b *sandbox.Behaviour) {
			b.LowerEmailDomain, b.RewriteInstants, b.EmptyForNull, b.UnknownFields = true, true, true, true
			b.BumpVolatile, b.ValidateAlone, b.Separators, b.PageCap, b.PastEnd = true, true, "insert", 30, "repeat"
		}},
		"hidden fields": {100, 20, func(b *sandbox.Behaviour) {
			b.Hide = []string{"last_name", "email", "phone_number", "birth_date", "ssn"}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, organization.behaviour)
			w.Needs(acctest.Queries)
			fill(w.Sandbox, userType, organization.users)
			fill(w.Sandbox, identityType, organization.identities)
			w.Write("all.tfquery.hcl", guideBlock(t, "terraform", "list "))

			seen := w.OK("query", "-json").Stdout
			found := map[string]int{}
			for line := range strings.Lines(seen) {
				var message struct {
					Type  string
					Found struct {
						Type string `json:"resource_type"`
					} `json:"list_resource_found"`
				}
				if err := json.Unmarshal([]byte(line), &message); err != nil {
					t.Fatal(err)
				}
				if message.Type == "list_resource_found" {
					found[message.Found.Type]++
				}
			}
			if found[userType] != organization.users || found[identityType] != organization.identities {
				t.Errorf("found %v", found)
			}

			seen += w.OK("query", "-no-color", "-generate-config-out=generated.tf").Output
			for _, r := range w.Sandbox.Requests() {
				if !strings.HasSuffix(r.Path, "/list/") {
					t.Errorf("unexpected %s %s", r.Method, r.Path)
				}
			}
			r := w.Apply()
			if want := fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed.", organization.users+organization.identities); !strings.Contains(r.Output, want) {
				t.Fatalf("want %s, got\n%s", want, r.Output)
			}
			w.PlanEmpty()
			acctest.NoWrites(t, w.Sandbox)
			noSecrets(t, w, seen+r.Output)
		})
	}
}

// TestQueryIsNeverShort breaks queries off after their first page: by an error, and by Ctrl-C.
func TestQueryIsNeverShort(t *testing.T) {
	for name, want := range map[string]string{"error": "500", "interrupt": "canceled"} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, func(b *sandbox.Behaviour) { b.PageCap = 10 })
			w.Needs(acctest.Queries)
			fill(w.Sandbox, userType, 25)
			second := make(chan struct{})
			var requests atomic.Int32
			w.Behind(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if requests.Add(1) == 2 {
					if name == "interrupt" {
						close(second)
						<-r.Context().Done()
					}
					w.Sandbox.Inject(sandbox.Fault{Status: http.StatusInternalServerError})
				}
				w.Sandbox.ServeHTTP(rw, r)
			}))
			w.Setenv("PIGELLO_MAX_RETRIES", "0")
			users, _, _ := strings.Cut(guideBlock(t, "terraform", "list "), "\nlist \"pigello_protected_identity\"")
			w.Write("users.tfquery.hcl", users)
			c := w.Start("query", "-no-color", "-generate-config-out=generated.tf")
			if name == "interrupt" {
				<-second
				c.Signal(syscall.SIGINT)
			}
			r := c.Wait()
			if r.ExitCode != 1 || strings.Count(r.Output, "Error: ") != 1 || !strings.Contains(r.Output, want) || strings.Contains(r.Output, "id=") {
				t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
			}
			if _, err := os.Stat(filepath.Join(w.Dir, "generated.tf")); !os.IsNotExist(err) {
				t.Errorf("a part was generated: %v", err)
			}
		})
	}
}

// TestQueryOfTheUnreadable generates all but the user that cannot be read, and names that one.
func TestQueryOfTheUnreadable(t *testing.T) {
	w := acctest.New(t)
	w.Needs(acctest.Queries)
	fill(w.Sandbox, userType, 5)
	var ids []string
	for n := 1; n <= 2; n++ {
		ids = append(ids, messyUser(n)["id"].(string))
	}
	w.Behind(acctest.Rewrite(w.Sandbox, func(object map[string]any) {
		if id, _ := object["id"].(string); slices.Contains(ids, id) {
			object["is_active"] = "perhaps"
		}
	}))
	w.Write("all.tfquery.hcl", guideBlock(t, "terraform", "list "))
	r := w.OK("query", "-no-color", "-generate-config-out=generated.tf")
	generated, err := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
	if err != nil || strings.Count(string(generated), "import {") != 3 {
		t.Errorf("%v\n%s", err, generated)
	}
	for _, id := range ids {
		if !strings.Contains(r.Output, "Warning: The organization user "+id+" is left out") || strings.Contains(string(generated), id) {
			t.Errorf("%s is not left out, or not named:\n%s", id, r.Output)
		}
	}
}

// noSecrets fails the test if a secret is in what was shown, or in any file of the workspace.
func noSecrets(t *testing.T, w *acctest.Workspace, shown string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"the output": shown}
	for _, file := range files {
		content := acctest.ReadFile(t, file)
		texts[filepath.Base(file)] = content
	}
	for name, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", name, secret)
			}
		}
	}
}
