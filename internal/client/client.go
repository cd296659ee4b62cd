// Package client is Pigello's Accounts API in Go: bulk reading, lists and selections, and creation exactly once. It keeps what one process
// must remember for that. Package transport sends the requests, package model describes entities and fields.
package client

import (
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// Client is a client of the API. It is safe for concurrent use.
type Client struct {
	transport  *transport.Transport
	maxRetries int
	scope      Scope

	managed idSet // objects that are in a state, or will be
	adopted idSet // objects that a creation has found instead of creating them
	deleted idSet
	shown   shownObjects
	creates keyedLock
	pending pendingCreates

	transfers valueTransfers

	bulkRead bool
	bulkMu   sync.Mutex
	bulk     map[string]*bulkReader // by the entity's name
	bulkTime timeBudget

	searchesMu sync.Mutex
	searches   map[string]*holderSearch // by the entity's name
}

// New returns a client. It does no I/O.
func New(cfg transport.Config) *Client {
	return &Client{
		transport:  transport.New(cfg),
		maxRetries: cfg.MaxRetries,
		scope:      scopeOf(cfg),
		bulkRead:   cfg.BulkRead,
	}
}
