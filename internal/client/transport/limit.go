package transport

import (
	"context"
	"fmt"
	"time"
)

// LimitError is a time limit with the name under which users set it, such as request_timeout. It is the error of what runs out of it.
type LimitError struct {
	Name     string
	Duration time.Duration
}

// Error implements error.
func (l *LimitError) Error() string {
	return fmt.Sprintf("no complete response within %s (%s)", l.Duration, l.Name)
}

type limitKey struct{}

// WithLimit bounds a context by a limit, and lets errors name it.
func WithLimit(ctx context.Context, name string, d time.Duration) (context.Context, context.CancelFunc) {
	limit := &LimitError{Name: name, Duration: d}
	return context.WithTimeoutCause(context.WithValue(ctx, limitKey{}, limit), d, limit)
}

// limitOf returns the limit of an operation, or nil if it has none.
func limitOf(ctx context.Context) *LimitError {
	limit, _ := ctx.Value(limitKey{}).(*LimitError)
	return limit
}
