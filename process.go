package main

import (
	"os"
	"strings"
)

// ballast is how many bytes tuneGC reserves. They are never written, so that the operating system does not provide them.
const ballast = 40 << 20

// tuneGC makes the garbage collector run less often while little memory is in use. This lasts for as long as what it returns is
// kept. It does nothing where the user has set the garbage collector in the environment.
//
// Go collects when the heap has grown to twice what was in use. The provider mostly has less than 10 MiB in use and would collect
// thousands of times. The ballast counts as in use, so that it collects when it has used about 40 MiB more. When much is in
// use, the ballast changes little: a higher GOGC would take a multiple of that, and a memory limit, once there is more in use
// than it allows, makes Go collect all the time.
func tuneGC() []byte {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, ballast)
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
