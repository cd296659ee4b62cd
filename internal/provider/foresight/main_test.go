// Package foresight_test shows what a plan finds out before an apply: who exists already, and how many people would go.
package foresight_test

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
