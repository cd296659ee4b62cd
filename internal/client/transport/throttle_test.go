package transport

import (
	"context"
	"net/http"
	"testing"
	"time"
)

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"7", "-1", "0", "99999999999999999999", "Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2700 00:00:00 GMT", "soon", " 5", "1e9", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		after, told := retryAfter(http.Header{"Retry-After": {value}})
		if after < 0 || !told && after != 0 {
			t.Errorf("%q: %s, %v", value, after, told)
		}
		for _, attempt := range []int{1, 2, 30, 1 << 30} {
			if wait := backoff(attempt, after); wait < after || wait < 0 {
				t.Errorf("%q: a wait of %s, told to wait %s", value, wait, after)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := checkWait(ctx, after); (err == nil) != (after < time.Minute) {
			t.Errorf("%q: %v for a wait of %s within a minute", value, err, after)
		}
	})
}
