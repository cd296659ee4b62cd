package guides_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fence   = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
)

// anchors returns the anchors of the headings of a page, as GitHub and the Terraform Registry make them.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, title := range heading.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
				return r
			}
			return -1
		}, strings.ToLower(title[1]))
		all[anchor] = true
	}
	return all
}

// TestLinks follows every link from one page to another, and checks that each page leads to another one and is found from another one.
func TestLinks(t *testing.T) {
	pages, linked := map[string]string{}, map[string]bool{}
	read := func(name string) {
		pages[name] = acctest.ReadFile(t, root, name)
	}
	read("README.md")
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(file string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(file, ".md") {
			name, _ := filepath.Rel(root, file)
			read(filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range pages {
		leads := false
		for _, match := range link.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
			file, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			to := name
			if file != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(name), file))
			}
			if to != name {
				leads = true
				if name != "README.md" {
					linked[to] = true
				}
			}
			target, isPage := pages[to]
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: there is no %s", name, match[1])
			} else if anchor != "" && isPage && !anchors(target)[anchor] && !strings.Contains(target, `<a id="`+anchor+`">`) {
				t.Errorf("%s: %s has no heading %s", name, to, anchor)
			}
		}
		if !leads {
			t.Errorf("%s links to no other page", name)
		}
	}
	for name := range pages {
		if name != "README.md" && name != "docs/index.md" && !linked[name] {
			t.Errorf("no page links to %s", name)
		}
	}
}

// TestVersionTables compares the tables of engine versions in README and in the index, which differ only in where their links lead.
func TestVersionTables(t *testing.T) {
	table := func(names ...string) string {
		_, rows, _ := strings.Cut(acctest.ReadFile(t, append([]string{root}, names...)...), "| feature | Terraform |")
		rows, _, _ = strings.Cut(rows, "\n\n")
		return link.ReplaceAllString(rows, "]")
	}
	if readme, index := table("README.md"), table("docs", "index.md"); readme == "" || readme != index {
		t.Errorf("README has\n%s\nthe index has\n%s", readme, index)
	}
}
