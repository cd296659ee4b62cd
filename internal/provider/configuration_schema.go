package provider

import "github.com/hashicorp/terraform-plugin-framework/provider/schema"

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
			"max_retries": schema.NumberAttribute{
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
			"on_duplicate": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What a plan says of a creation that somebody who exists in Pigello already matches: `warn`, `error` or `ignore`. " +
					"Unset: `warn`. " + orVariable("on_duplicate"),
			},
			"max_destroys": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How many people one plan may remove or lock out, a whole number, 0 or more. A plan that would delete, deactivate or " +
					"anonymize more people than that is an error. Unset: no limit. Example: `5`. " + orVariable("max_destroys"),
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
