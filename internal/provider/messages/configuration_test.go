package messages

import (
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestConfiguration renders what is said of the provider's block, and of the environment behind it.
func TestConfiguration(t *testing.T) {
	c := open(t, "configuration")
	c.add("no credentials", unconfigured(t).TryConfigure(object{}))
	for _, v := range []struct {
		what, name string
		value      any
	}{
		{"an empty credential", "customer_id", ""},
		{"a line break in a credential", "client_secret", "canary\n"},
		{"an environment that is an address", "environment", "https://api.pigello.io"},
		{"an empty environment", "environment", ""},
		{"an address without a scheme", "base_url", "api.pigello.io"},
		{"an address with a query", "base_url", "https://api.pigello.io?a=b"},
		{"plain http", "base_url", "http://api.pigello.io"},
		{"a time limit without a unit", "request_timeout", "30"},
		{"too many retries", "max_retries", 50},
		{"a fraction of a retry", "max_retries", 1.5},
		{"no requests at all", "max_requests_per_second", 0},
		{"another on_duplicate", "on_duplicate", "stop"},
		{"a fraction of a person", "max_destroys", 1.5},
	} {
		c.add(v.what, unconfigured(t).ValidateConfiguration(object{v.name: v.value}))
	}
	config := acctest.Configuration(sandbox.New(), "https://api.pigello.io")
	c.add("two addresses", unconfigured(t).TryConfigure(config.With(object{"environment": "api"})))
}

// TestEnvironment renders what is said of the environment variables.
func TestEnvironment(t *testing.T) {
	c := open(t, "environment")
	config := acctest.Configuration(sandbox.New(), "https://api.pigello.io")
	for _, v := range []struct{ what, name, value string }{
		{"an address without a scheme", "base_url", "api.pigello.io"},
		{"a time limit without a unit", "request_timeout", "30"},
		{"a number that is none", "max_retries", "many"},
		{"a flag", "bulk_read", "maybe"},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Setenv("PIGELLO_"+strings.ToUpper(v.name), v.value)
			c.add(v.what, unconfigured(t).TryConfigure(config.With(object{v.name: nil})))
		})
	}
	t.Setenv("PIGELLO_ENVIRONMENT", "dev.api")
	t.Setenv("PIGELLO_BASE_URL", "https://api.pigello.io")
	c.add("two addresses", unconfigured(t).TryConfigure(config.With(object{"base_url": nil})))
}
