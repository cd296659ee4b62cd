package client

import (
	"context"
	"sync"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// shownObjects is, by the name of the entity, the last object that the API has shown.
type shownObjects struct {
	mu   sync.Mutex
	last map[string]shownObject
}

type shownObject struct {
	id   string
	sent time.Time // when the request was sent, by our clock; zero if that is not known
}

func (s *shownObjects) add(entity, id string, sent time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		s.last = map[string]shownObject{}
	}
	if before, ok := s.last[entity]; !ok || sent.After(before.sent) {
		s.last[entity] = shownObject{id, sent}
	}
}

func (s *shownObjects) of(entity string) (last shownObject, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, ok = s.last[entity]
	return last, ok
}

// HasShown reports whether the API has shown an object of this kind. If so, the credentials are valid for this kind.
func (c *Collection) HasShown() bool {
	_, ok := c.client.shown.of(c.Entity.Name)
	return ok
}

// Shown reports whether the API shows any object of this kind in response to a request that is sent after a moment. It sends requests only if
// none was sent since then: for the object that was shown last, and then for a list, since that object may be gone.
func (c *Collection) Shown(ctx context.Context, after time.Time) (bool, error) {
	last, ok := c.client.shown.of(c.Entity.Name)
	if ok && last.sent.After(after) {
		return true, nil
	}
	if ok {
		if _, err := c.Get(ctx, last.id); err == nil {
			return true, nil
		}
	}
	sent := time.Now()
	page, err := c.page(ctx, nil, 1, 1)
	if transport.IsNotFound(err) {
		return false, nil // how some servers respond to a list without objects
	}
	if len(page.objects) > 0 {
		c.client.shown.add(c.Entity.Name, page.objects[0].ID(), sent)
	}
	return len(page.objects) > 0, err
}
