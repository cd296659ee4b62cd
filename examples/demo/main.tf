# `make demo` applies this configuration. To use it by hand, see "Play" in README.md.

terraform {
  required_version = ">= 1.11"

  required_providers {
    pigello = {
      source = "pigello/pigello"
    }
  }
}

# Address and credentials come from the environment.
provider "pigello" {}
