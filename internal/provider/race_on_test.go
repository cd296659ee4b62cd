//go:build race

package provider

// raceDetector tells that the race detector is on, which makes everything some five times slower.
const raceDetector = true
