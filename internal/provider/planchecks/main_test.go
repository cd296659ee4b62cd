// Package planchecks_test tests what a plan checks: who exists already, and how many people it would remove.
package planchecks_test

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
