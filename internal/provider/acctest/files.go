package acctest

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Root returns the directory of the module.
func Root() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "..")
}

// ReadFile returns the content of a file.
func ReadFile(t testing.TB, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// GuideBlocks returns the blocks of code in a language from the template of a guide.
func GuideBlocks(t testing.TB, guide, language string) []string {
	t.Helper()
	var blocks []string
	for _, part := range strings.Split(ReadFile(t, Root(), "templates/guides", guide), "```"+language+"\n")[1:] {
		block, _, ok := strings.Cut(part, "```")
		if !ok {
			t.Fatal("a block of code does not end")
		}
		blocks = append(blocks, block)
	}
	return blocks
}
