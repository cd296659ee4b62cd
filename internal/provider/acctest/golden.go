package acctest

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// Golden fails the test unless a golden file has this content. With -update, it writes the file.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(ReadFile(t, file), got); diff != "" {
		t.Errorf("not as in %s; if the change is meant, run this test with -update. -want +got\n%s", file, diff)
	}
}
