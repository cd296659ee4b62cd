package main

import (
	"os"
	"strings"
)

// ballast is how many bytes tuneGC allocates. They are never written, so they take no physical memory.
const ballast = 40 << 20

// tuneGC makes the garbage collector run less often while little memory is in use, for as long as the caller keeps its result. It does
// nothing if the environment configures the garbage collector.
//
// Go collects garbage when the heap is twice as large as the memory in use. The provider mostly uses less than 10 MiB, so Go would collect
// thousands of times. The ballast counts as memory in use, so Go collects only after about 40 MiB more. If much memory is in use, the ballast
// makes little difference. The alternatives are worse in that case: a higher GOGC takes a multiple of the memory in use, and if a memory
// limit is exceeded, Go collects all the time.
func tuneGC() []byte {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, ballast)
}

// logNothing turns the logs of the plugin off, unless a variable for Terraform's logs is set. Without it, the plugin libraries format all log
// lines, including TRACE, and send them to Terraform, which discards them.
func logNothing() error {
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "TF_LOG") {
			return nil
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_PIGELLO"} { // TF_LOG_PROVIDER applies to all providers
		if err := os.Setenv(name, "off"); err != nil {
			return err
		}
	}
	return nil
}
