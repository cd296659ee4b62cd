package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

// EngineVariable is the variable that names the command to use instead of the one on the PATH.
const EngineVariable = "PIGELLO_TEST_TERRAFORM"

// oldest is the oldest minor version that is supported, of Terraform and of OpenTofu.
const oldest = 11

// Engine is the command that plans and applies: terraform or tofu.
type Engine struct {
	Path     string
	OpenTofu bool
	Minor    int // of version 1, such as 14 of 1.14.2
}

// FindEngine returns the command that the variable PIGELLO_TEST_TERRAFORM names, else terraform on the PATH, else tofu.
func FindEngine(ctx context.Context) (Engine, error) {
	if named := os.Getenv(EngineVariable); named != "" {
		return EngineAt(ctx, named)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return EngineAt(ctx, path)
		}
	}
	return Engine{}, errors.New("neither terraform nor tofu is on the PATH: install Terraform (https://developer.hashicorp.com/terraform/install) " +
		"or OpenTofu (https://opentofu.org/docs/intro/install/), 1.11 or newer")
}

// versionLine is the first line of the output of the command version.
var versionLine = regexp.MustCompile(`^(Terraform|OpenTofu) v1\.(\d+)\.`)

// EngineAt returns the command at a path, or with that name on the PATH.
func EngineAt(ctx context.Context, path string) (Engine, error) {
	path, err := exec.LookPath(path)
	if err != nil {
		return Engine{}, err
	}
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(without("TF_"), "CHECKPOINT_DISABLE=1")
	output, err := cmd.Output()
	if err != nil {
		return Engine{}, fmt.Errorf("%s version: %w", path, err)
	}
	found := versionLine.FindSubmatch(output)
	if found == nil {
		return Engine{}, fmt.Errorf("%s is no Terraform or OpenTofu of version 1: its version is %q", path, output)
	}
	engine := Engine{Path: path, OpenTofu: string(found[1]) == "OpenTofu"}
	if engine.Minor, err = strconv.Atoi(string(found[2])); err != nil {
		return Engine{}, err
	}
	if engine.Minor < oldest {
		return Engine{}, fmt.Errorf("%s at %s is too old: 1.%d or newer is needed", engine, path, oldest)
	}
	return engine, nil
}

// Name returns the usual name of the command.
func (e Engine) Name() string {
	if e.OpenTofu {
		return "tofu"
	}
	return "terraform"
}

// String returns the product and its version.
func (e Engine) String() string {
	product := "Terraform"
	if e.OpenTofu {
		product = "OpenTofu"
	}
	return fmt.Sprintf("%s 1.%d", product, e.Minor)
}
