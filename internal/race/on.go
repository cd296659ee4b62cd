//go:build race

// Package race tells tests whether the race detector is on. It makes everything several times slower, so long tests then run less.
package race

// Enabled reports whether the race detector is on.
const Enabled = true
