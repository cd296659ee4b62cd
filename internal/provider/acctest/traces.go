package acctest

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Traces returns the places of secret values: as they are, quoted, escaped, encoded or as a digest. It searches the outputs and all files in
// the workspace except the configuration, and the files in a saved plan except its copy of the configuration. The values should be unique.
func (w *Workspace) Traces(values []string, outputs ...string) []string {
	w.t.Helper()
	places := map[string][]byte{}
	for i, output := range outputs {
		places[fmt.Sprintf("output %d", i+1)] = []byte(output)
	}
	err := filepath.WalkDir(w.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".tf") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(w.Dir, path)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(content, []byte("PK\x03\x04")) {
			places[name] = content
			return nil
		}
		return unzip(name, content, places)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	var found []string
	for place, content := range places {
		layers := strings.ToLower(strings.Join(layers(string(content)), "\n"))
		for _, value := range values {
			for form, text := range traces(value) {
				if strings.Contains(layers, strings.ToLower(text)) {
					found = append(found, fmt.Sprintf("%s holds %s as %s", place, value, form))
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// unzip adds the files of a saved plan.
func unzip(name string, content []byte, places map[string][]byte) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	for _, file := range archive.File {
		if strings.HasPrefix(file.Name, "tfconfig/") {
			continue
		}
		r, err := file.Open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		places[name+":"+file.Name] = content
	}
	return nil
}

// traces returns the forms in which a value may appear.
func traces(value string) map[string]string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, value)
	forms := map[string]string{}
	for name, spelling := range map[string]string{"": value, "digits of ": digits} {
		if len(spelling) < 8 {
			continue
		}
		quoted, _ := json.Marshal(spelling)
		ascii := strconv.QuoteToASCII(spelling)
		forms[name+"itself"] = spelling
		forms[name+"JSON"] = strings.Trim(string(quoted), `"`)
		forms[name+"ASCII"] = ascii[1 : len(ascii)-1]
		forms[name+"HTML"] = html.EscapeString(spelling)
		forms[name+"query"] = url.QueryEscape(spelling)
		forms[name+"path"] = url.PathEscape(spelling)
		for escape, hyphen := range map[string]string{"percent": "%2D", "HTML number": "&#45;", "JSON number": `\u002d`} {
			forms[name+escape] = strings.ReplaceAll(spelling, "-", hyphen)
		}
		sha1sum, md5sum := sha1.Sum([]byte(spelling)), md5.Sum([]byte(spelling))
		sha256sum, sha512sum := sha256.Sum256([]byte(spelling)), sha512.Sum512([]byte(spelling))
		for algorithm, sum := range map[string][]byte{
			"itself": []byte(spelling), "MD5": md5sum[:], "SHA-1": sha1sum[:], "SHA-256": sha256sum[:], "SHA-512": sha512sum[:],
		} {
			forms[name+"hexadecimal "+algorithm] = hex.EncodeToString(sum)
			// The last character depends on the following bytes.
			standard := base64.RawStdEncoding.EncodeToString(sum)
			forms[name+"base64 "+algorithm] = standard[:len(standard)-1]
			safe := base64.RawURLEncoding.EncodeToString(sum)
			forms[name+"URL-safe base64 "+algorithm] = safe[:len(safe)-1]
		}
	}
	return forms
}

var base64Runs = regexp.MustCompile(`[A-Za-z0-9+/]{16,}={0,2}`)

// layers returns a text, and everything in it that is decoded from base64. The private state is encoded twice.
func layers(content string) []string {
	all := []string{content}
	for _, run := range base64Runs.FindAllString(content, -1) {
		if decoded, err := base64.StdEncoding.DecodeString(run); err == nil {
			all = append(all, layers(string(decoded))...)
		}
	}
	return all
}
