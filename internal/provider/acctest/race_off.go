//go:build !race

package acctest

// RaceDetector tells that the race detector is on, which makes everything some five times slower.
const RaceDetector = false
