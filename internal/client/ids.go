package client

import (
	"strings"
	"sync"
)

// idSet is a set of ids. Their case does not count.
type idSet struct {
	mu  sync.Mutex
	set map[string]bool
}

// add adds an id and reports whether it is new.
func (s *idSet) add(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		s.set = map[string]bool{}
	}
	id = strings.ToLower(id)
	known := s.set[id]
	s.set[id] = true
	return !known
}

func (s *idSet) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set[strings.ToLower(id)]
}
