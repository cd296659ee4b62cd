package providerdata

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// object is one that is told from others by a number.
func object(n int) client.Object { return client.Object{"n": json.RawMessage(fmt.Sprint(n))} }

func is(o client.Object, n int) bool { return string(o["n"]) == fmt.Sprint(n) }

func TestRecent(t *testing.T) {
	var r Recent
	if r.Take("a") != nil {
		t.Error("there is what nobody has put")
	}
	r.Put("a", object(1))
	r.Put("a", object(2))
	if got := r.Take("a"); !is(got, 2) {
		t.Errorf("got %v, want what was put last", got)
	}
	if r.Take("a") != nil {
		t.Error("it can be taken twice")
	}

	// An older object of the same id never comes back.
	r.Put("a", object(1))
	for i := range kept {
		r.Put(fmt.Sprint(i), object(i))
	}
	r.Put("a", object(2))
	if got := r.Take("a"); !is(got, 2) {
		t.Errorf("got %v, want what was put last", got)
	}
	if r.Take("a") != nil {
		t.Error("an older one has come back")
	}
}

// TestRecentIsBounded puts many objects that nobody takes, as a refresh does: those that were put last are there, and the others
// are not kept.
func TestRecentIsBounded(t *testing.T) {
	var r Recent
	const many = 10*kept + kept/2
	for i := range many {
		r.Put(fmt.Sprint(i), object(i))
		if n := len(r.newest) + len(r.older); n > 2*kept {
			t.Fatalf("%d objects are kept", n)
		}
	}
	for i := many - kept; i < many; i++ {
		if got := r.Take(fmt.Sprint(i)); !is(got, i) {
			t.Fatalf("of the objects that were put last, number %d is %v", i, got)
		}
	}
}
