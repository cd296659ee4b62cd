package provider

import "github.com/hashicorp/terraform-plugin-framework/provider/schema"

func configurationSchema() schema.Schema {
	s := schema.Schema{
		MarkdownDescription: "Manages the users of a Pigello organization, and the protected identities of its tenants and subtenants, through " +
			"Pigello's Accounts API.",
		Attributes: map[string]schema.Attribute{
			"environment": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The first part of the API's address, `https://{environment}.pigello.io`: `api` is production, `dev.api` is " +
					"development. Conflicts with `base_url`. Unset: `api`. " + orVariable("environment"),
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The base URL of the API, instead of `environment`, such as a test server. `https` only, except on the same " +
					"machine (loopback). Unset: `environment` decides. Example: `https://dev.api.pigello.io`. " + orVariable("base_url"),
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one HTTP attempt may take, a Go duration above zero. Unset: `30s`. " +
					orVariable("request_timeout"),
			},
			"max_retries": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Number of retries after a connection error or the status 408, 423, 425, 429, 500, 502, 503 or 504. 0 to 20. " +
					"Unset: 8. A creation is retried only if it cannot create a second object. " + orVariable("max_retries"),
			},
			"accept_empty": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Set to `true`, for one run, after you deleted all objects of a type on purpose. Otherwise an API that shows no " +
					"object of a type at all counts as reached with wrong credentials: objects that are not found stay in the state, and that is an " +
					"error. Unset: `false`. " + orVariable("accept_empty"),
			},
			"on_duplicate": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What a plan does when somebody in Pigello already has a key of a user or protected identity that it creates: `warn`, `error`, or " +
					"`ignore`, which does not look. Keys are `custom_id`, `email` and `ssn` of a user, `custom_id` of a protected identity. Its `tenant_id` and " +
					"`sub_tenant_id` are unique in Pigello, so that they are always an error. Unset: `warn`. " + orVariable("on_duplicate"),
			},
			"max_destroys": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "How many people one plan may remove or lock out, a whole number, 0 or more. A plan that would delete, deactivate or " +
					"anonymize more people than that is an error. `on_destroy = \"abandon\"` does not count. The apply of a saved plan does not check it again, except with OpenTofu. " +
					"Unset: no limit. Example: `5`. " + orVariable("max_destroys"),
			},
			"bulk_read": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to read many objects with list requests: at most one request per object plus a few, and far fewer for " +
					"many objects. `false` reads each object with its own request. Unset: `true`. " + orVariable("bulk_read"),
			},
			"max_requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "The largest number of requests per second of one Terraform run, above zero. Unset: no limit, but the provider always " +
					"waits when the API asks it to. Example: `10`. " + orVariable("max_requests_per_second"),
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
