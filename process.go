package main

import (
	"os"
	"runtime/debug"
	"strings"
)

// gcPercent lets the heap grow to five times of what is in use before it is cleaned. A provider process ends with the
// walk that it was started for, with little in use: the memory that this costs is less than the time that it saves.
const gcPercent = 400

// memoryLimit is how much memory may be in use before it is cleaned as often as it takes. What is in use grows with the
// users that were read ahead; many times that must not.
const memoryLimit = 96 << 20

// tuneGC sets the garbage collector, unless the user has.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// logNothing turns the plugin's logs off where the user has not asked for any: otherwise the plugin libraries write every line
// down to TRACE, format it and send it to Terraform, which throws it away. Where any variable of Terraform's logs is set, they
// are as without this.
func logNothing() error {
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "TF_LOG") {
			return nil
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_PIGELLO"} { // TF_LOG_PROVIDER is Terraform's business alone
		if err := os.Setenv(name, "off"); err != nil {
			return err
		}
	}
	return nil
}
