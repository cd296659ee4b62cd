// Package model describes Pigello's Accounts API, without any I/O: entities and their fields, how values are encoded and when two values
// mean the same, filters, and the order of lists.
package model
