package organizationuser

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/lookup"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

func dataSourceSchema() schema.Schema {
	return lookup.Schema(model.OrganizationUser,
		"A user of the organization: a person or a company that signs in to Pigello. It is looked up by exactly one of `id`, "+
			"`custom_id`, `email` and `username`. It is an error if no user or several users have that value.\n\n"+
			"The result is stored in the state, including personal data. Some of it, such as `last_login`, changes by itself, so a plan that uses it "+
			"may change every time.",
		descriptions,
		lookup.Key{
			Field: "id", Validator: validate.Form(ident.UUID{}),
			Description: "A key to look the user up by. Example: `497f6eca-6276-4993-bfeb-53cbbbba6f08`.",
		},
		lookup.Key{
			Field: "custom_id", Validator: validate.Length(1, 128), Description: "A key to look the user up by. Example: `emp-42`.",
		},
		lookup.Key{
			Field: "email", Validator: validate.Form(ident.Email{}),
			Description: "A key to look the user up by. The case of the domain does not count; the part before the `@` must match exactly. " +
				"Example: `ada@example.com`.",
		},
		// Without the pattern of the API: Python and Go do not agree on what a letter is.
		lookup.Key{
			Field: "username", Validator: validate.Length(1, 150),
			Description: "A key to look the user up by. It must match exactly. Example: `ada.lovelace`.",
		},
	)
}

// descriptions are the descriptions of the attributes by field.
var descriptions = map[string]string{
	"id":        "The user's id, a UUID.",
	"custom_id": "The organization's own identifier of the user, up to 128 characters.",
	"email":     "The e-mail address.",
	"username":  "The name that the user signs in with, up to 150 characters.",

	"active_to":                         "The instant until which the user is active, in RFC 3339.",
	"anonymization_name":                "The name that stands in for an anonymized user's.",
	"anonymized":                        "Whether the user is anonymized.",
	"birth_date":                        "The date of birth, `YYYY-MM-DD`.",
	"communication_name":                "The name that Pigello uses when it writes to the user. Plain text; JSON if Pigello returns anything but a text.",
	"corporate_name":                    "The company's name.",
	"created_at":                        "When the user was created, in RFC 3339.",
	"customer_columns":                  "The customer's own columns. Plain text; JSON if Pigello returns anything but a text.",
	"debt_distribution_instruction":     "How debt collection letters reach the user, as JSON: an array whose elements Pigello does not document.",
	"detail_access":                     "How much detail the user may see: `0`, `1` or `2`. Pigello does not document what each number grants.",
	"email_verified":                    "Whether the e-mail address is verified.",
	"external_clients":                  "The ids of the external clients that the user works for, UUIDs.",
	"first_name":                        "The person's first name.",
	"fmi":                               "The FMI of the user, 17 to 20 characters.",
	"full_name":                         "The user's whole name. Plain text; JSON if Pigello returns anything but a text.",
	"hotp_invite_sendout_time":          "When the last invitation to sign in was sent, in RFC 3339.",
	"invoice_distribution_instruction":  "How invoices reach the user, as JSON: an array whose elements Pigello does not document.",
	"is_active":                         "Whether the user may sign in.",
	"last_login":                        "When the user last signed in, in RFC 3339.",
	"last_name":                         "The person's last name.",
	"mfa_has_hotp":                      "Whether a counter-based one-time password is set up.",
	"mfa_has_totp":                      "Whether a time-based one-time password is set up.",
	"org_no":                            "The Swedish organization number, 10 digits with or without a separator.",
	"organization":                      "The id of the organization that the user belongs to, a UUID.",
	"phone_number":                      "The phone number.",
	"phone_number_verified":             "Whether the phone number is verified.",
	"prefer_invoice_view_only":          "Whether the user prefers to see invoices only.",
	"profile_picture":                   "The profile picture; null if there is none. Its signed addresses are credentials and are left out.",
	"reminder_distribution_instruction": "How reminders reach the user, as JSON: an array whose elements Pigello does not document.",
	"role":                              "The id of the user's role, a UUID.",
	"send_out_distribution_instruction": "How send-outs reach the user, as JSON: an array whose elements Pigello does not document.",
	"ssn":                               "The Swedish personal or coordination number, 12 digits with or without a separator.",
	"ssn_is_coordination_number":        "Whether `ssn` is a coordination number.",
	"tags":                              "The tags. Plain text; JSON if Pigello returns anything but a text.",
}
