// Package examples_test runs the examples of the documentation.
package examples_test

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
