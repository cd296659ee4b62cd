// Package race is for tests. With the race detector, everything is several times slower, so long tests then run less.
package race

// Fewer returns how often a test repeats what is random: n times, or a tenth of it with the race detector.
func Fewer(n int) int {
	if Enabled {
		return max(1, n/10)
	}
	return n
}
