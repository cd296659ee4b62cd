package provider_test

import (
	"path/filepath"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/provider/schemajson"
)

// TestGoldenSchema makes every change of the schema show in the history. A change that is meant is written with
//
//	go test ./internal/provider -run TestGoldenSchema -update
func TestGoldenSchema(t *testing.T) {
	got, err := schemajson.Render(t.Context(), provider.NewServer("test")(), "registry.terraform.io/pigello/pigello")
	if err != nil {
		t.Fatal(err)
	}
	acctest.Golden(t, filepath.Join("testdata", "schema.json"), string(got)+"\n")
}
