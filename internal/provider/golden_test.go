package provider_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/schemajson"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGoldenSchema makes every change of the schema show in the history. A change that is meant is written with
//
//	go test ./internal/provider -run TestGoldenSchema -update
func TestGoldenSchema(t *testing.T) {
	golden := filepath.Join("testdata", "schema.json")
	got, err := schemajson.Render(t.Context(), provider.NewServer("test")(), "registry.terraform.io/pigello/pigello")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the schema is not that of %s; if the change is meant, run this test with -update. -want +got\n%s",
			golden, cmp.Diff(string(want), string(got)))
	}
}
