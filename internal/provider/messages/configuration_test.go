package messages

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// TestConfiguration renders what is said of the provider's block, and of the environment behind it.
func TestConfiguration(t *testing.T) {
	c := open(t, "configuration")
	c.add("no credentials", unconfigured(t).configure(object{}))
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
		p := unconfigured(t)
		resp, err := p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{
			Config: dynamic(p.schemas.Provider.ValueType(), object{v.name: v.value}),
		})
		p.succeeds(err)
		c.add(v.what, resp.Diagnostics)
	}
	p := unconfigured(t)
	c.add("two addresses", p.configure(with(with(p.serve(), "environment", "api"), "base_url", "https://api.pigello.io")))
}

// TestEnvironment renders what is said of the environment variables.
func TestEnvironment(t *testing.T) {
	c := open(t, "environment")
	for _, v := range []struct{ what, name, value string }{
		{"an address without a scheme", "base_url", "api.pigello.io"},
		{"a time limit without a unit", "request_timeout", "30"},
		{"a number that is none", "max_retries", "many"},
		{"a flag", "bulk_read", "maybe"},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Setenv("PIGELLO_"+strings.ToUpper(v.name), v.value)
			p := unconfigured(t)
			settings := p.serve()
			delete(settings, v.name)
			c.add(v.what, p.configure(settings))
		})
	}
	t.Setenv("PIGELLO_ENVIRONMENT", "dev.api")
	t.Setenv("PIGELLO_BASE_URL", "https://api.pigello.io")
	p := unconfigured(t)
	settings := p.serve()
	delete(settings, "base_url")
	c.add("two addresses", p.configure(settings))
}
