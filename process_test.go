package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestTuneGC(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, name := range []string{"GOGC", "GOMEMLIMIT", ""} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", "")
			t.Setenv("GOMEMLIMIT", "")
			if name != "" {
				t.Setenv(name, "off")
			}
			tuned := tuneGC()
			runtime.GC()
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			runtime.KeepAlive(tuned)
			if waits := memory.NextGC > 2*ballast; waits != (name == "") {
				t.Errorf("the next collection is at %d MiB", memory.NextGC>>20)
			}
		})
	}
}

func TestLogNothing(t *testing.T) {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "TF_LOG") {
			t.Setenv(name, "") // to put it back at the end
			_ = os.Unsetenv(name)
		}
	}
	quiet := func() bool { return os.Getenv("TF_LOG_SDK") == "off" && os.Getenv("TF_LOG_PROVIDER_PIGELLO") == "off" }
	for _, name := range []string{"TF_LOG", "TF_LOG_PATH", "TF_LOG_PROVIDER", "TF_LOG_SDK_PROTO", "TF_LOG_CORE"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "trace")
			if err := logNothing(); err != nil || quiet() {
				t.Errorf("the log that was asked for is off: %v", err)
			}
		})
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_PIGELLO"} {
		t.Setenv(name, "")
		_ = os.Unsetenv(name)
	}
	if err := logNothing(); err != nil || !quiet() {
		t.Errorf("the log is on, though nobody asks for it: %v", err)
	}
}
