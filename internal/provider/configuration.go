package provider

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

// credentials are the attributes for the headers. All are required, in the configuration or in the environment.
var credentials = []struct {
	name        string
	description string
	field       func(*transport.Credentials) *string
}{
	{"customer_id", "The Pigello customer.", func(c *transport.Credentials) *string { return &c.CustomerID }},
	{"application_id", "The integration's application.", func(c *transport.Credentials) *string { return &c.ApplicationID }},
	{"service_id", "The service of the application.", func(c *transport.Credentials) *string { return &c.ServiceID }},
	{"service_version_id", "The activated version of the service. A change of permissions brings a new one.", func(c *transport.Credentials) *string { return &c.ServiceVersionID }},
	{"client_ct", "The content type of the client object.", func(c *transport.Credentials) *string { return &c.ClientCT }},
	{"client_entity", "The id of the client object. The API description calls it `client_object_id`.", func(c *transport.Credentials) *string { return &c.ClientEntity }},
	{"client_secret", "The secret.", func(c *transport.Credentials) *string { return &c.ClientSecret }},
}

// variable returns the environment variable of an attribute.
func variable(attribute string) string { return "PIGELLO_" + strings.ToUpper(attribute) }

// configuration is the provider's block. The environment has the values of attributes that the block does not set.
type configuration struct {
	attributes  map[string]attr.Value
	environment func(variable string) string
	diags       *diag.Diagnostics
}

// nothing is an environment without variables.
func nothing(string) string { return "" }

// validateConfiguration checks the provider's block. It ignores the environment, which may be another one when the provider is configured.
func validateConfiguration(ctx context.Context, from tfsdk.Config, diags *diag.Diagnostics) {
	if c, ok := newConfiguration(ctx, from, nothing, diags); ok {
		c.read()
	}
}

// readConfiguration returns the configuration of the client, the other settings, and whether all values are known. At plan, a value may
// depend on a resource that does not exist yet. An unknown value is not an error, and is not replaced with that of the environment.
func readConfiguration(ctx context.Context, from tfsdk.Config, diags *diag.Diagnostics) (_ transport.Config, _ providerdata.Data, known bool) {
	c, ok := newConfiguration(ctx, from, os.Getenv, diags)
	if !ok {
		return transport.Config{}, providerdata.Data{}, false
	}
	config, data := c.read()
	for _, credential := range credentials {
		if c.attributes[credential.name].IsNull() && c.environment(variable(credential.name)) == "" {
			diags.AddAttributeError(path.Root(credential.name), "Missing credential", fmt.Sprintf(
				"The provider needs %s: set the attribute, or the environment variable %s. To find the value, see "+
					"Credentials in the provider's documentation.", credential.name, variable(credential.name)))
		}
	}
	known = true
	for _, value := range c.attributes {
		known = known && !value.IsUnknown()
	}
	return config, data, known
}

// newConfiguration reads the provider's block. ok is false, with an error, if an attribute has the wrong type.
func newConfiguration(
	ctx context.Context, from tfsdk.Config, environment func(string) string, diags *diag.Diagnostics,
) (_ configuration, ok bool) {
	var object types.Object
	found := from.Get(ctx, &object)
	diags.Append(found...)
	return configuration{attributes: object.Attributes(), environment: environment, diags: diags}, !found.HasError()
}

// read returns the settings: the defaults, with all values that are given, known and valid.
func (c configuration) read() (transport.Config, providerdata.Data) {
	config := transport.Config{RequestTimeout: transport.DefaultRequestTimeout, MaxRetries: transport.DefaultMaxRetries, BulkRead: true}
	data := providerdata.Data{OnDuplicate: providerdata.Warn}
	c.setAddress(&config)
	for _, credential := range credentials {
		set(c, credential.name, credential.field(&config.Credentials), parseCredential)
	}
	set(c, "request_timeout", &config.RequestTimeout, parseTimeout)
	set(c, "max_retries", &config.MaxRetries, parseRetries)
	set(c, "max_requests_per_second", &config.MaxRequestsPerSecond, parseRate)
	set(c, "bulk_read", &config.BulkRead, parseFlag)
	set(c, "accept_empty", &data.AcceptEmpty, parseFlag)
	set(c, "on_duplicate", &data.OnDuplicate, parseOnDuplicate)
	set(c, "max_destroys", &data.MaxDestroys, parseMaxDestroys)
	return config, data
}

// setAddress sets the base URL. base_url and environment conflict if both are in the configuration, or if the configuration has neither and
// both are in the environment.
func (c configuration) setAddress(config *transport.Config) {
	where := fmt.Sprintf("Both environment variables, %s and %s, are set.", variable("base_url"), variable("environment"))
	if !c.attributes["base_url"].IsNull() || !c.attributes["environment"].IsNull() {
		where = "Both are in the provider's configuration."
		c.environment = nothing
	}
	_, hasURL := c.text("base_url")
	_, hasLabels := c.text("environment")
	if hasURL && hasLabels {
		c.diags.AddAttributeError(path.Root("base_url"), "Conflicting addresses",
			"base_url and environment are two ways to say where the API is: give one of them. "+where)
		return
	}
	config.BaseURL = addressOf(production)
	set(c, "environment", &config.BaseURL, parseEnvironment)
	set(c, "base_url", &config.BaseURL, transport.ParseBaseURL)
}

// set changes a setting if its attribute or variable is given. parse checks and converts the text.
func set[T any](c configuration, name string, to *T, parse func(string) (T, error)) {
	s, given := c.text(name)
	if !given {
		return
	}
	value, err := parse(s)
	if s == "" {
		err = fmt.Errorf("is empty; use null, or leave the attribute out, to take it from the environment variable %s", variable(name))
	}
	if err != nil {
		source := "The value of " + name
		if c.attributes[name].IsNull() {
			source = "The environment variable " + variable(name)
		}
		c.diags.AddAttributeError(path.Root(name), "Invalid value", source+" "+err.Error()+".")
		return
	}
	*to = value
}

// text returns the value of an attribute as text, or of its environment variable if the configuration does not set it. given is false if the
// value is unknown, or if there is none. An empty variable counts as none.
func (c configuration) text(name string) (s string, given bool) {
	switch value := c.attributes[name]; {
	case value.IsUnknown():
		return "", false
	case value.IsNull():
		s = c.environment(variable(name))
		return s, s != ""
	default:
		return written(value), true
	}
}

// written returns a known value as text.
func written(value attr.Value) string {
	switch v := value.(type) {
	case types.String:
		return v.ValueString()
	case types.Number:
		return v.ValueBigFloat().Text('g', -1)
	case types.Float64:
		return strconv.FormatFloat(v.ValueFloat64(), 'g', -1, 64)
	default:
		return v.String()
	}
}
