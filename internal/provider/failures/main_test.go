// Package failures_test shows what users are told when requests fail, and how often requests are repeated.
package failures_test

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
