package provider

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// defaultEnvironment is Pigello's production.
const defaultEnvironment = "api"

// maxRetriesLimit is the largest max_retries that can be set.
const maxRetriesLimit = 20

// credentials are the attributes that become headers. All are required, from the configuration or from the environment.
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

// variable returns the environment variable that stands in for an attribute.
func variable(attribute string) string { return "PIGELLO_" + strings.ToUpper(attribute) }

func configurationSchema() schema.Schema {
	s := schema.Schema{
		MarkdownDescription: "The Pigello provider manages users of an organization, and protected identities, through Pigello's " +
			"Accounts API. Each attribute can come from an environment variable instead; the configuration wins.",
		Attributes: map[string]schema.Attribute{
			"environment": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The first labels of the API's address, `https://{environment}.pigello.io`. Unset: `api`, which is " +
					"production; `dev.api` is development. Conflicts with `base_url`. " + orVariable("environment"),
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The API's whole base URL, instead of `environment`, for instance a test server's. `https` only, " +
					"except on this machine (loopback). Example: `https://dev.api.pigello.io`. " + orVariable("base_url"),
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one HTTP attempt may take, a Go duration above zero. Unset: `30s`. " +
					orVariable("request_timeout"),
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How many times a request is repeated that met a broken connection or the status 408, 423, 425, " +
					"429, 500, 502, 503 or 504. 0 to 20. Unset: 8. A creation is repeated only where it cannot be made twice. " + orVariable("max_retries"),
			},
			"accept_empty": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to believe an API that shows no object of a kind at all. An object that is not found leaves " +
					"the state only while the API shows at least one other, since an API that shows none may just be reached with " +
					"the wrong credentials; `true` waives that rule, and no other. Meant for one run. Unset: `false`. " +
					orVariable("accept_empty"),
			},
			"bulk_read": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a refresh may read several objects with one request: it takes far fewer requests for many objects, and never " +
					"more than one for each object and a handful. `false` reads each object by itself. Unset: `true`. " + orVariable("bulk_read"),
			},
			"max_requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "A cap on the requests of one Terraform run, above zero. Unset: none; the provider always waits " +
					"when the API asks it to. Example: `10`. " + orVariable("max_requests_per_second"),
			},
		},
	}
	for _, credential := range credentials {
		s.Attributes[credential.name] = schema.StringAttribute{
			Optional: true, Sensitive: credential.name == "client_secret",
			MarkdownDescription: credential.description + " Required, here or in the environment. " + orVariable(credential.name),
		}
	}
	return s
}

func orVariable(attribute string) string {
	return "Environment variable: `" + variable(attribute) + "`."
}

// configuration reads the provider's configuration, with the environment behind it.
type configuration struct {
	attributes map[string]attr.Value
	known      bool // every attribute that was asked for is known
	diags      *diag.Diagnostics
}

// readConfiguration returns the client's configuration, the value of accept_empty, and whether all of it is known: at plan a value may come from a
// resource that is yet to be made. Such a value never falls back to the environment, and is not an error.
func readConfiguration(ctx context.Context, from tfsdk.Config, diags *diag.Diagnostics) (_ transport.Config, acceptEmpty, known bool) {
	var object types.Object
	diags.Append(from.Get(ctx, &object)...)
	c := configuration{attributes: object.Attributes(), known: true, diags: diags}

	config := transport.Config{RequestTimeout: transport.DefaultRequestTimeout, MaxRetries: transport.DefaultMaxRetries, BulkRead: true}
	c.baseURL(&config)
	for _, credential := range credentials {
		value := c.text(credential.name)
		if value == "" && c.isKnown(credential.name) {
			diags.AddAttributeError(path.Root(credential.name), "Missing credential", fmt.Sprintf(
				"The provider needs %s: set the attribute, or the environment variable %s.", credential.name, variable(credential.name)))
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			c.invalid(credential.name, "must not hold control characters, such as a line break at its end")
		}
		*credential.field(&config.Credentials) = value
	}
	if s := c.text("request_timeout"); s != "" {
		timeout, err := time.ParseDuration(s)
		if err != nil || timeout <= 0 {
			c.invalid("request_timeout", "must be a duration above zero, such as 30s or 2m")
		}
		config.RequestTimeout = timeout
	}
	if s := c.text("max_retries"); s != "" {
		retries, err := strconv.Atoi(s)
		if err != nil || retries < 0 || retries > maxRetriesLimit {
			c.invalid("max_retries", fmt.Sprintf("must be a whole number from 0 to %d", maxRetriesLimit))
		}
		config.MaxRetries = retries
	}
	if s := c.text("max_requests_per_second"); s != "" {
		most, err := strconv.ParseFloat(s, 64)
		if err != nil || !(most > 0) {
			c.invalid("max_requests_per_second", "must be a number above zero, such as 10")
		}
		config.MaxRequestsPerSecond = most
	}
	c.flag("accept_empty", &acceptEmpty)
	c.flag("bulk_read", &config.BulkRead)
	return config, acceptEmpty, c.known
}

var environmentLabels = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// baseURL sets the base URL. The two ways to say it conflict where they stand side by side: both in the configuration,
// or, when the configuration has neither, both in the environment.
func (c *configuration) baseURL(config *transport.Config) {
	baseURL, environment := c.attributes["base_url"], c.attributes["environment"]
	if baseURL.IsUnknown() || environment.IsUnknown() {
		c.known = false
		return
	}
	var base, labels string
	var where string
	if !baseURL.IsNull() || !environment.IsNull() {
		base, labels = written(baseURL), written(environment)
		if base == "" && labels == "" {
			c.invalid(emptyOne(baseURL), "must not be empty; leave the attribute out for production")
			return
		}
		where = "Both stand in the provider's configuration."
	} else {
		base, labels = os.Getenv(variable("base_url")), os.Getenv(variable("environment"))
		where = fmt.Sprintf("Both environment variables, %s and %s, are set.", variable("base_url"), variable("environment"))
	}
	if base != "" && labels != "" {
		c.diags.AddAttributeError(path.Root("base_url"), "Conflicting addresses",
			"base_url and environment are two ways to say where the API is: give one of them. "+where)
		return
	}
	if base == "" {
		if labels == "" {
			labels = defaultEnvironment
		}
		if !environmentLabels.MatchString(labels) {
			c.invalid("environment", "must be the first labels of https://{environment}.pigello.io, such as api or dev.api")
			return
		}
		base = "https://" + labels + ".pigello.io"
	}
	u, err := transport.ParseBaseURL(base)
	if err != nil {
		c.invalid("base_url", err.Error())
		return
	}
	config.BaseURL = u
}

func emptyOne(baseURL attr.Value) string {
	if baseURL.IsNull() {
		return "environment"
	}
	return "base_url"
}

// text returns an attribute as text, from the environment if the configuration has none, "" if it is nowhere.
func (c *configuration) text(name string) string {
	value := c.attributes[name]
	switch {
	case value.IsUnknown():
		c.known = false
		return ""
	case value.IsNull():
		return os.Getenv(variable(name))
	}
	return written(value)
}

// flag sets a flag if it is given anywhere.
func (c *configuration) flag(name string, to *bool) {
	s := c.text(name)
	if s == "" {
		return
	}
	var err error
	if *to, err = strconv.ParseBool(s); err != nil {
		c.invalid(name, "must be true or false")
	}
}

func (c *configuration) isKnown(name string) bool { return !c.attributes[name].IsUnknown() }

// written returns a known value as one would write it.
func written(value attr.Value) string {
	if s, ok := value.(types.String); ok {
		return s.ValueString()
	}
	if value.IsNull() {
		return ""
	}
	return value.String()
}

func (c *configuration) invalid(name, reason string) {
	source := "The value of " + name
	if c.attributes[name].IsNull() {
		source = "The environment variable " + variable(name)
	}
	c.diags.AddAttributeError(path.Root(name), "Invalid value", source+" "+reason+".")
}
