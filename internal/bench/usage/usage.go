// Package usage is the CPU time and memory of a process. The meter writes it to a file, and the benchmark reads it.
package usage

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"
)

// Usage is the CPU time and memory of a process.
type Usage struct {
	CPU    time.Duration // of all cores, in the program and in the kernel
	Memory int64         // peak memory in bytes
}

// Of returns the usage of a process that has ended.
func Of(state *os.ProcessState) Usage {
	return Usage{CPU: state.UserTime() + state.SystemTime(), Memory: peak(state)}
}

// Append adds the usage to a file.
func (u Usage) Append(name string) error {
	line, err := json.Marshal(u)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

// Read returns the usage of all processes in a file: the sum of their CPU times, and the highest peak memory.
func Read(name string) (Usage, error) {
	file, err := os.Open(name)
	if err != nil {
		return Usage{}, err
	}
	defer func() { _ = file.Close() }()
	var all Usage
	for lines := json.NewDecoder(file); ; {
		var one Usage
		switch err := lines.Decode(&one); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return Usage{}, err
		}
		all.CPU += one.CPU
		all.Memory = max(all.Memory, one.Memory)
	}
}
