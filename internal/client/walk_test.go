package client

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestWalkEnds counts the requests for a complete list: not more than an unusual server makes necessary.
func TestWalkEnds(t *testing.T) {
	page := func(number, size, objects int) (from, to int) {
		from = min((number-1)*size, objects)
		return from, min(from+size, objects)
	}
	for name, c := range map[string]struct {
		slice    func(number, size int) (from, to int) // of 250 objects
		requests int
	}{
		"plain":                   {func(n, size int) (int, int) { return page(n, min(size, 100), 250) }, 4},
		"full pages":              {func(n, size int) (int, int) { return page(n, min(size, 50), 250) }, 6},
		"the last page again":     {func(n, size int) (int, int) { return page(min(n, 3), min(size, 100), 250) }, 4},
		"in circles":              {func(n, size int) (int, int) { return page(1+(n-1)%3, min(size, 100), 250) }, 3 + maxStalePages},
		"no pages":                {func(int, int) (int, int) { return 0, 250 }, 2},
		"the last one once more":  {func(n, _ int) (int, int) { return max(0, min((n-1)*100, 250)-min(1, n-1)), min(n*100, 250) }, 4 + 1},
		"the last two once more":  {func(n, _ int) (int, int) { return max(0, min((n-1)*100, 250)-2*min(1, n-1)), min(n*100, 250) }, (maxQuietPasses + 1) * 5},
		"refuses sizes above 150": {func(n, size int) (int, int) { return page(n, size, 250) }, 1 + 4},
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{respond: func(req *http.Request) (*http.Response, error) {
				number, _ := strconv.Atoi(req.URL.Query().Get("_page"))
				size, _ := strconv.Atoi(req.URL.Query().Get("_page_size"))
				if strings.HasSuffix(name, "150") && size > 150 {
					return respond(400, `{"detail": "Page too large."}`), nil
				}
				rows := []string{}
				for from, to := c.slice(number, size); from < to; from++ {
					rows = append(rows, fmt.Sprintf(`{"id": %q}`, uuidOf(from)))
				}
				return respond(200, "["+strings.Join(rows, ",")+"]"), nil
			}}
			seen := map[string]bool{}
			for object, err := range newTestClient(t, s).OrganizationUsers().List(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				seen[object.ID()] = true
			}
			if len(seen) != 250 || s.sent() != c.requests {
				t.Errorf("%d objects, %d requests, want 250 and %d", len(seen), s.sent(), c.requests)
			}
		})
	}
}
