// Package client is Pigello's Accounts API in Go: reading in bulk, lists and selections, creation exactly once, and what of it one
// process has to remember. It sends through package transport, and knows entities and fields from package model.
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

	managed ids // of objects that a state knows, or is about to
	adopted ids // of objects that a creation has found
	deleted ids // of objects that were deleted
	shown   ids // names of the entities of which the API has shown an object
	creates keyedLock
	pending pendingCreates

	handovers handovers

	bulkRead bool
	bulkMu   sync.Mutex
	bulk     map[string]*bulkReader // by the entity's name
	delays   delays                 // by reading in bulk

	holdersMu sync.Mutex
	holders   map[string]*holders // by the entity's name
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
