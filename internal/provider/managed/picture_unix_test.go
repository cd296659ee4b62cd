//go:build unix

package managed

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestReadPicture(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, size int) {
		if err := os.WriteFile(at(name), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("one", 1)
	write("largest", maxPicture)
	write("large", maxPicture+1)
	write("empty", 0)
	for link, target := range map[string]string{"link": "one", "dangling": "nothing", "loop": "loop"} {
		if err := os.Symlink(at(target), at(link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"one": "", "largest": "", "link": "", "empty": "empty", "large": "larger than 10 MiB", "missing": "does not exist", "dangling": "does not exist",
		"loop": "too many", "pipe": "not a file", ".": "directory", "one/below": "not a directory", "with\x00zero": "invalid",
	} {
		content, err := readPicture(at(name))
		if want == "" && (err != nil || len(content) == 0) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %d bytes and %v, want %q", name, len(content), err, want)
		}
		if err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error repeats the path: %v", name, err)
		}
	}
	for source, want := range map[string]string{"": "does not exist", "~/nothing-of-that-name": "pathexpand"} {
		if _, err := readPicture(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", source, err, want)
		}
	}
}
