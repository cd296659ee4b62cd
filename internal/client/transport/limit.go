package transport

import (
	"context"
	"fmt"
	"time"
)

// LimitError is the error of an operation that exceeds a time limit. Name is the setting of the limit, such as request_timeout.
type LimitError struct {
	Name     string
	Duration time.Duration
}

// Error implements error.
func (l *LimitError) Error() string {
	return fmt.Sprintf("no complete response within %s (%s)", l.Duration, l.Name)
}

type limitKey struct{}

// WithLimit returns a context with a time limit that errors can name.
func WithLimit(ctx context.Context, name string, d time.Duration) (context.Context, context.CancelFunc) {
	limit := &LimitError{Name: name, Duration: d}
	return context.WithTimeoutCause(context.WithValue(ctx, limitKey{}, limit), d, limit)
}

// limitOf returns the limit of an operation, or nil if it has none.
func limitOf(ctx context.Context) *LimitError {
	limit, _ := ctx.Value(limitKey{}).(*LimitError)
	return limit
}
