// Package model is what Pigello's Accounts API is made of, without any I/O: entities and their fields, how a value looks on the
// wire and when two values mean the same thing, filters, and the order of lists.
package model
