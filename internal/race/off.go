//go:build !race

// Package race is for tests. With the race detector, everything is several times slower, so long tests then run less.
package race

// Enabled reports whether the race detector is on.
const Enabled = false
