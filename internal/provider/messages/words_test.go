package messages

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unmet are texts that nobody can meet.
var unmet = []string{
	"must be an MD5 in base64 (24 characters)", // no attribute takes one
	"expected JSON", // what is decoded was JSON before
	"remote error",  // how net names the operation of a TLS alert
}

// TestComplete fails if the code holds a text that is neither in a catalogue nor in the schema: a message that nobody has read.
func TestComplete(t *testing.T) {
	texts := append(catalogues(t), schemaTexts(t)...)
	root := filepath.Join("..", "..")
	for _, dir := range []string{"client", "ident", "provider"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && slices.Contains([]string{"acctest", "schemajson"}, entry.Name()):
				return filepath.SkipDir
			case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			for _, l := range literals(t, path) {
				if !slices.ContainsFunc(texts, l.isIn) && !slices.Contains(unmet, l.text) {
					t.Errorf("%s: no catalogue has %q: render the message that it is part of", l.position, l.text)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// catalogues returns the messages of all golden files.
func catalogues(t *testing.T) []string {
	t.Helper()
	var texts []string
	files, _ := filepath.Glob(filepath.Join("testdata", "*.txt"))
	more, _ := filepath.Glob(filepath.Join("..", "*", "testdata", "messages.txt"))
	for _, file := range append(files, more...) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, strings.Split(string(content), "\n=== ")...)
	}
	return texts
}

// schemaTexts returns the descriptions of the schema.
func schemaTexts(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "testdata", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(content, &document); err != nil {
		t.Fatal(err)
	}
	var texts []string
	var collect func(any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, element := range v {
				collect(element)
			}
		case map[string]any:
			for _, element := range v {
				collect(element)
			}
		}
	}
	collect(document)
	return texts
}

// literal is a text in the code, and where it is.
type literal struct {
	text     string
	position token.Position
}

var (
	words = regexp.MustCompile(`\pL\S* .*\pL`)
	verb  = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*[\d.]*[a-zA-Z]`)
)

// isIn reports whether the parts of a text between its verbs are in a message, one after another. A sentence may begin with any of them.
func (l literal) isIn(message string) bool {
	message = strings.ToLower(message)
	for _, part := range verb.Split(strings.ToLower(l.text), -1) {
		_, after, found := strings.Cut(message, strings.TrimSpace(part))
		if !found {
			return false
		}
		message = after
	}
	return true
}

// literals returns the texts of more than one word in a file, but for those that nobody meets in Terraform: of a panic, in the log, the names
// by which errors are counted, and a validator's description, which is in no page.
func literals(t *testing.T, path string) []literal {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []literal
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncDecl:
			return n.Name.Name != "Description" && n.Name.Name != "MarkdownDescription"
		case *ast.CallExpr:
			switch called := n.Fun.(type) {
			case *ast.Ident:
				return called.Name != "panic"
			case *ast.SelectorExpr:
				on, ok := called.X.(*ast.Ident)
				return called.Sel.Name != "Reported" && (!ok || on.Name != "tflog" && on.Name != "regexp")
			}
		case *ast.Field, *ast.ImportSpec:
			return false
		case *ast.KeyValueExpr:
			key, ok := n.Key.(*ast.Ident)
			return !ok || key.Name != "label" // of an upload in the log
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(n.Value)
			if err != nil {
				t.Fatal(err)
			}
			if words.MatchString(text) {
				found = append(found, literal{text, files.Position(n.Pos())})
			}
		}
		return true
	})
	return found
}
