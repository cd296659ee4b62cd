package subtenant

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/lookup"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

func dataSourceSchema() schema.Schema {
	return lookup.Schema(model.Subtenant,
		"A subtenant: a person or company that rents through, or lives with, a tenant. It is looked up by exactly "+
			"one of `id`, `custom_id`, `email`, `ssn` and `org_no`. It is an error if no subtenant or several subtenants have that value.\n\n"+
			"The result is stored in the state, including personal data. Do not use it for somebody under protected identity; give the id instead.",
		descriptions,
		lookup.Key{Field: "id", Validator: validate.Form(ident.UUID{}), Description: "A key to look it up by."},
		lookup.Key{Field: "custom_id", Validator: validate.Length(1, 128), Description: "A key to look it up by."},
		lookup.Key{
			Field: "email", Validator: validate.Form(ident.Email{}),
			Description: "A key to look the subtenant up by. The case of the domain does not count.",
		},
		lookup.Key{
			Field: "ssn", Validator: validate.Form(ident.PersonalNumber{}), Description: "A key to look the subtenant up by, with or without a separator.",
		},
		lookup.Key{
			Field: "org_no", Validator: validate.Form(ident.OrganizationNumber{}),
			Description: "A key to look the subtenant up by, with or without a separator.",
		},
	)
}

// descriptions are the descriptions of the attributes by field.
var descriptions = map[string]string{
	"id":        "The subtenant's id, a UUID.",
	"custom_id": "The organization's own identifier of the subtenant, up to 128 characters.",
	"email":     "The e-mail address.",
	"ssn":       "The Swedish personal or coordination number, 12 digits with or without a separator.",
	"org_no":    "The Swedish organization number, 10 digits with or without a separator.",

	"active_to":                                    "The instant until which the subtenant is active, in RFC 3339.",
	"add_connection_description_on_invoice":        "Whether an invoice describes the subtenant's connection to the tenant.",
	"allow_brf_access":                             "Whether the subtenant may see what concerns the housing cooperative.",
	"allow_cancel_contract_access":                 "Whether the subtenant may give notice on contracts.",
	"allow_contracts_access":                       "Whether the subtenant may see contracts.",
	"allow_errands_access":                         "Whether the subtenant may see errands.",
	"allow_errands_access_through_connections":     "Whether the subtenant may see errands of the tenants that it is connected to.",
	"allow_invoice_access":                         "Whether the subtenant may see invoices.",
	"allow_my_pages_access":                        "Whether the subtenant may use My Pages.",
	"allow_notifications":                          "Whether the subtenant receives notifications.",
	"allow_objects_access":                         "Whether the subtenant may see objects.",
	"allow_personal_information_access":            "Whether the subtenant may see personal information.",
	"allow_revenue_row_access":                     "Whether the subtenant may see revenue rows.",
	"allows_external_personal_information_sharing": "Whether the subtenant allows that its personal information is shared outside; null if it has not answered.",
	"anonymization_name":                           "The name that stands in for an anonymized subtenant's.",
	"anonymized":                                   "Whether the subtenant is anonymized.",
	"autogiro_disables_invoice_distribution":       "Whether paying by autogiro stops the distribution of invoices.",
	"birth_date":                                   "The date of birth, `YYYY-MM-DD`.",
	"block_email_notifications_for":                "What the subtenant gets no e-mail about, as JSON: an array whose elements Pigello does not document.",
	"block_notifications_for":                      "What the subtenant gets no notification about, as JSON: an array whose elements Pigello does not document.",
	"block_sms_notifications_for":                  "What the subtenant gets no SMS about, as JSON: an array whose elements Pigello does not document.",
	"communication_name":                           "The name that Pigello uses when it writes to the subtenant. Plain text; JSON if Pigello returns anything but a text.",
	"corporate_name":                               "The company's name.",
	"created_at":                                   "When the subtenant was created, in RFC 3339.",
	"current_registered_address":                   "The id of the address in the population register, a UUID.",
	"custom_application_domain":                    "The domain of the application that the subtenant uses.",
	"customer_columns":                             "The customer's own columns, as JSON.",
	"earliest_active_date":                         "The first day on which the subtenant is active, `YYYY-MM-DD`.",
	"email_verified":                               "Whether the e-mail address is verified.",
	"first_name":                                   "The person's first name.",
	"fmi":                                          "The FMI of the subtenant, 17 to 20 characters.",
	"full_name":                                    "The subtenant's whole name. Plain text; JSON if Pigello returns anything but a text.",
	"future_address":                               "The id of the address that the subtenant will move to, a UUID.",
	"gln13_number":                                 "The Global Location Number (GS1), 13 or 14 characters.",
	"hotp_invite_sendout_time":                     "When the last invitation to sign in was sent, in RFC 3339.",
	"invoice_address":                              "The id of the address for invoices, a UUID.",
	"invoice_email":                                "The e-mail address for invoices.",
	"is_active":                                    "Whether the subtenant may sign in.",
	"is_company":                                   "Whether the subtenant is a company, as JSON: Pigello does not document the type.",
	"last_login":                                   "When the subtenant last signed in, in RFC 3339.",
	"last_name":                                    "The person's last name.",
	"latest_active_date":                           "The last day on which the subtenant is active, `YYYY-MM-DD`.",
	"mfa_has_hotp":                                 "Whether a counter-based one-time password is set up.",
	"mfa_has_totp":                                 "Whether a time-based one-time password is set up.",
	"organization":                                 "The id of the organization that the subtenant belongs to, a UUID.",
	"pending_monitor_approval_amount":              "The amount that waits for approval, as JSON: Pigello does not document the type.",
	"peppol_id":                                    "The Peppol id, such as `0007:4020001238`.",
	"phone_number":                                 "The phone number.",
	"phone_number_verified":                        "Whether the phone number is verified.",
	"popular_name":                                 "The name that the subtenant is commonly known by.",
	"previous_address":                             "The id of the address before the present one, a UUID.",
	"profile_picture":                              "The profile picture; null if there is none. Its signed addresses are credentials and are left out.",
	"realestates":                                  "The ids of the real estates that the subtenant belongs to, UUIDs.",
	"send_out_distribution_instruction":            "How send-outs reach the subtenant, as JSON: an array whose elements Pigello does not document.",
	"sni_number":                                   "The Swedish industry code (SNI) of a company, such as `68.310`.",
	"ssn_is_coordination_number":                   "Whether `ssn` is a coordination number.",
	"status":                                       "The subtenant's status, a whole number. Pigello does not document what each number means.",
	"tags":                                         "The tags, as JSON.",
	"username":                                     "The name that the subtenant signs in with.",
	"wants_evicted":                                "Whether the subtenant wants to move out.",
}
