package schedules_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestLag reads users who are new and not shown yet. A "not found" that was not waited out is not believed.
func TestLag(t *testing.T) {
	for name, c := range map[string]struct {
		lag     int
		after   time.Duration // between the creation and the read
		cancel  time.Duration
		limit   time.Duration // timeouts.read
		skew    time.Duration
		gone    bool
		refused string
		took    time.Duration
	}{
		"short":    {lag: 5, took: 5 * time.Second},
		"skewed":   {lag: 5, skew: time.Hour, took: 5 * time.Second},
		"behind":   {lag: 5, skew: -time.Hour, took: 5 * time.Second},
		"canceled": {lag: 100, cancel: 2 * time.Second, refused: "canceled", took: 2 * time.Second},
		"limited":  {lag: 100, limit: 3 * time.Second, refused: "within 3s (timeouts.read)", took: 3 * time.Second},
		"endless":  {lag: 100, gone: true, took: 10 * time.Second},
		"not new":  {lag: 100, after: 2 * time.Minute, gone: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New(func(b *sandbox.Behaviour) { b.LagAfterCreate, b.ClockSkew = c.lag, c.skew })
				s.Put(sandbox.OrganizationUser, map[string]any{"detail_access": 0, "first_name": "Bystander"})
				p := start(t, s.Transport(), s)
				config := declared(0, false)
				if c.limit > 0 {
					config["timeouts"] = map[string]any{"read": c.limit.String()}
				}
				plan, diags := p.Plan(t.Context(), nobody, config)
				diags.NoErrors(t)
				created, diags := p.Apply(t.Context(), plan)
				diags.NoErrors(t)
				time.Sleep(c.after)
				began := time.Now()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.cancel > 0 {
					time.AfterFunc(c.cancel, cancel)
				}
				read, diags := p.Read(ctx, created)
				if err := diags.Err(); (err == nil) != (c.refused == "") || err != nil && !strings.Contains(err.Error(), c.refused) {
					t.Errorf("%v", err)
				}
				if read.State.IsNull() != c.gone {
					t.Errorf("gone: %v", read.State.IsNull())
				}
				if took := time.Since(began); took != c.took {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}
