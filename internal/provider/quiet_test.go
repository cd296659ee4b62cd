package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestLogsOnlyWhereAsked looks at what the provider writes to Terraform: no log that nobody reads, and all of it as soon as
// somebody asks, in whatever way. (That it arrives, the tests show that look for leaks in it.)
func TestLogsOnlyWhereAsked(t *testing.T) {
	w := acctest.New(t)
	w.Config(acctest.UserWithID("u"))
	w.Apply()
	log := w.StderrTo("stderr.log")
	logged := func(args ...string) string {
		t.Helper()
		if err := os.Remove(log); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		w.OK(append(args, "-no-color")...)
		content, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	// What is left is from the start of the process, before the first call: which plugin this is, and where it listens.
	if quiet := logged("plan"); strings.Contains(quiet, "tf_rpc") || strings.Contains(quiet, "Pigello") || len(quiet) > 2000 {
		t.Errorf("nobody has asked for this log:\n%s", quiet)
	}
	for _, variable := range []struct{ name, value string }{
		{"TF_LOG", "TRACE"},
		{"TF_LOG", "DEBUG"},
		{"TF_LOG_PROVIDER", "DEBUG"},
		{"TF_LOG_PROVIDER_PIGELLO", "DEBUG"},
		{"TF_LOG_SDK", "TRACE"},
		{"TF_LOG_SDK_FRAMEWORK", "TRACE"},
		{"TF_LOG_CORE", "TRACE"},
		{"TF_LOG_PATH", filepath.Join(w.Dir, "terraform.log")},
	} {
		w.Setenv(variable.name, variable.value)
		content := logged("plan")
		for _, want := range []string{"Pigello API request", "sdk.framework", "sdk.proto"} {
			if !strings.Contains(content, want) {
				t.Errorf("%s=%s: the log does not hold %q", variable.name, variable.value, want)
			}
		}
		w.Setenv(variable.name, "")
	}
}
