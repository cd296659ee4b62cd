// Package leak_test shows that no secret and no personal data appear in messages, logs and states.
package leak_test

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
