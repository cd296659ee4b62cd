package providerdata_test

import (
	"fmt"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

func TestRecent(t *testing.T) {
	var r providerdata.Recent
	object := func(n int) model.Object { return model.Object{"id": fmt.Appendf(nil, "%d", n)} }
	for n := range 1000 {
		r.Put(fmt.Sprint(n), object(n))
	}
	kept := 0
	for n := range 1000 {
		if got := r.Take(fmt.Sprint(n)); got != nil {
			kept++
			if string(got["id"]) != fmt.Sprint(n) {
				t.Errorf("took %s for %d", got["id"], n)
			}
		} else if n >= 900 {
			t.Errorf("%d of 1,000 is forgotten", n)
		}
		if r.Take(fmt.Sprint(n)) != nil {
			t.Errorf("%d is taken twice", n)
		}
	}
	if kept > 500 {
		t.Errorf("%d objects that nobody takes are kept", kept)
	}
}
