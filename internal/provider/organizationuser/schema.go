package organizationuser

import (
	"context"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework-validators/numbervalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

const typeName = "pigello_organization_user"

const description = "A user of the organization: a person or a company that signs in to Pigello.\n\n" +
	"Changes are made in place; nothing replaces a user. Removing the resource deletes the user, unless `on_destroy` says otherwise.\n\n" +
	"An optional attribute that is left out has no value in Pigello either: removing its line clears it.\n\n" +
	"An attribute that is *left to Pigello* keeps the value that Pigello has until you declare it; after that, removing its line clears it. " +
	"An attribute counts as declared when a creation or a change of the user has been applied with it. **An import that changes nothing does not " +
	"count**: if you remove such a line right after an import, nothing changes in Pigello, and the plan is empty. Apply a change of the user first, " +
	"such as another `on_destroy`. If Pigello has no value when you remove the line, the plan is empty, too. The attribute then still counts as declared " +
	"until the next change of the user is applied: if Pigello gets a value before that, the next plan clears it."

// names are the attributes from which Pigello derives full_name and communication_name.
var names = []string{"first_name", "last_name", "corporate_name", "anonymized", "anonymization_name"}

func attributes(ctx context.Context) map[string]managed.Attribute {
	return map[string]managed.Attribute{
		"timeouts":   managed.Local(managed.Timeouts(ctx)),
		"id":         computed("The user's id, a UUID. It never changes."),
		"username":   computed("The name that Pigello gives the user to sign in with."),
		"created_at": computed("When the user was created, in RFC 3339."),
		"full_name": derived("The user's whole name, which Pigello derives from the names and the anonymization. Not sensitive: it shows names that come " +
			"from sensitive variables. Plain text; JSON if Pigello returns anything but a text."),
		"communication_name": derived("The name that Pigello uses when it writes to the user. Not sensitive, like `full_name`. " +
			"Plain text; JSON if Pigello returns anything but a text."),

		"detail_access": managed.Configured(schema.NumberAttribute{
			Required: true,
			MarkdownDescription: "How much detail the user may see: `0`, `1` or `2`. Pigello does not document what each " +
				"number grants; try it with a test user. Required, since Pigello requires it in every change.",
			Validators: []validator.Number{validate.Number(numbervalidator.OneOf(big.NewFloat(0), big.NewFloat(1), big.NewFloat(2)),
				"the value of detail_access must be 0, 1 or 2")},
		}),

		"first_name": text("The person's first name. 1 to 255 characters. At least one of `first_name`, `last_name` and "+
			"`corporate_name` is needed. Unset: no first name. Example: `Ada`.",
			validate.Length(1, 255),
			validate.String(stringvalidator.AtLeastOneOf(path.MatchRoot("first_name"), path.MatchRoot("last_name"), path.MatchRoot("corporate_name")),
				"at least one of first_name, last_name and corporate_name must be set")),
		"last_name":      text("The person's last name. 1 to 255 characters. Unset: no last name. Example: `Lovelace`.", validate.Length(1, 255)),
		"corporate_name": text("The company's name. 1 to 255 characters. Unset: no company name. Example: `Analytical Engines AB`.", validate.Length(1, 255)),
		"custom_id":      text("Your own identifier of the user. 1 to 128 characters. Unset: none. Example: `emp-42`.", validate.Length(1, 128)),
		"email": text("The e-mail address, at most 254 characters. The domain is compared without regard to case, and "+
			"`räksmörgås.se` is the same as `xn--rksmrgs-5wao1o.se`. "+
			"Unset: no address. Example: `ada@example.com`.", validate.Form(ident.Email{})),
		"phone_number": text("The phone number: 7 to 15 digits, optionally after `+`, without spaces or hyphens. "+
			"Unset: no number. Example: `+46701234567`.", validate.Form(ident.PhoneNumber{})),
		"birth_date": text("The date of birth, `YYYY-MM-DD`. Unset: none. Example: `1990-01-01`.", validate.Form(ident.Date{})),
		"ssn": managed.OmittedUntilDeclared(schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "The Swedish personal number, or coordination number (the day raised by 60, and the month or day 00 if it is not known): 12 digits with " +
				"the century, optionally with a separator before the last four, and a right check digit. Compared by its " +
				"digits. Unset: no number; one that Pigello has and that was never declared here is neither " +
				"read into the state nor cleared, so an import does not write it to disk. Example: `19900101-2385`.",
			Validators: []validator.String{validate.Form(ident.PersonalNumber{})},
		}),
		// A write-only attribute need not be sensitive, since Terraform never has a value to hide. With a second sensitive attribute, Terraform 1.11
		// exits with 2 at random after plan -refresh-only -detailed-exitcode.
		"ssn_wo": managed.Local(schema.StringAttribute{
			Optional: true, WriteOnly: true,
			MarkdownDescription: "As `ssn`, but write-only: nothing of it is stored in the state or the plan, and a difference in " +
				"Pigello is still found at every plan. Takes ephemeral values. Needs Terraform 1.11. Conflicts with `ssn`. " +
				"Unset: a number that was declared here before is cleared. Example: `var.ssn`, an ephemeral variable.",
			Validators: []validator.String{
				validate.Form(ident.PersonalNumber{}), validate.String(stringvalidator.ConflictsWith(path.MatchRoot("ssn")), "only one of ssn and ssn_wo may be set"),
			},
		}),
		"ssn_wo_version": managed.Local(schema.NumberAttribute{
			Optional: true, Validators: []validator.Number{validate.NoEffectWithout("ssn_wo")},
			MarkdownDescription: "A number of your choice; a change of it writes `ssn_wo` again. Only needed where Pigello hides the " +
				"number from this integration. Unset: differences alone decide. Example: `1`.",
		}),
		"ssn_wo_declared": managed.Local(schema.BoolAttribute{
			Computed: true,
			MarkdownDescription: "Whether the configuration declares `ssn_wo`. If this differs between plan and apply, because a secret is missing, the " +
				"apply stops before it sends anything.",
		}),
		"ssn_written_at": local("When Terraform last wrote or cleared `ssn_wo`, in RFC 3339. Known only after apply if the user changes while `ssn_wo` is " +
			"declared, since the apply compares the number again. Null if it was never written."),
		"ssn_is_coordination_number": boolean("Whether `ssn` is a coordination number."),
		"org_no": text("The Swedish organization number: ten digits, optionally with a hyphen before the last four, and a right "+
			"check digit. Written without the 16 that Swedish authorities put before it; `provider::pigello::normalize_org_no` takes it off. "+
			"Compared by its digits. Unset: none. Example: `402000-1238`.", validate.Form(ident.OrganizationNumber{})),
		"fmi": text("The FMI of the user, an identifier that Pigello does not document. 17 to 20 characters. Leave it out unless you "+
			"know the value. Unset: none. Example: `12345678901234567`.", validate.Length(17, 20)),
		"active_to": text("The instant until which the user is active, in RFC 3339. Compared as an instant to the "+
			"microsecond, whatever the offset. Unset: no end. Example: `2030-12-31T23:59:59Z`.", validate.Form(ident.Instant{})),
		"is_active":                boolean("Whether the user may sign in. Independent of `active_to`."),
		"prefer_invoice_view_only": boolean("Whether the user prefers to see invoices only."),
		"anonymized": boolean("Whether the user is anonymized. Setting `true` may remove personal data for good: the plan " +
			"warns about it."),
		"anonymization_name": text("The name that stands in for an anonymized user's. 1 to 255 characters. Unset: none. "+
			"Example: `Former employee`.", validate.Length(1, 255)),

		"organization_id": relation("The id of the organization that the user belongs to, a UUID."),
		"role_id":         relation("The id of the user's role, a UUID."),
		"external_client_ids": managed.ServerDefault(schema.SetAttribute{
			Optional: true, Computed: true, ElementType: types.StringType,
			MarkdownDescription: "The ids of the external clients that the user works for, UUIDs in any order. Left to Pigello if " +
				"never declared; removing a declared line, like `[]`, empties it.",
			Validators: []validator.Set{
				validate.Set(setvalidator.NoNullValues(), "an element of external_client_ids is null; leave it out"),
				setvalidator.ValueStringsAre(validate.Form(ident.UUID{})),
				validate.Distinct(ident.UUID{}),
			},
		}),

		"profile_picture": managed.OmittedUntilDeclared(managed.Picture("The user's picture.")),

		"on_destroy": managed.Local(schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(managed.DestroyDelete),
			MarkdownDescription: "What happens to the user when the resource is destroyed: `delete` deletes the user in Pigello, `deactivate` sets " +
				"`is_active` to `false` there and forgets the user, `abandon` forgets the user and changes nothing. The value that was last " +
				"applied counts, so set it and apply before you remove the resource. Unset: `delete`. Example: `deactivate`.",
			Validators: []validator.String{validate.OneOf(managed.DestroyDelete, managed.DestroyDeactivate, managed.DestroyAbandon)},
		}),

		"debt_distribution_instruction":     instruction("debt collection letters"),
		"reminder_distribution_instruction": instruction("reminders"),
		"send_out_distribution_instruction": instruction("send-outs"),
		"invoice_distribution_instruction":  instruction("invoices"),
	}
}

func computed(description string) managed.Attribute {
	return managed.Computed(schema.StringAttribute{Computed: true, MarkdownDescription: description})
}

func derived(description string) managed.Attribute {
	return managed.DerivedFrom(schema.StringAttribute{Computed: true, MarkdownDescription: description}, names...)
}

func local(description string) managed.Attribute {
	return managed.Local(schema.StringAttribute{Computed: true, MarkdownDescription: description})
}

func text(description string, validators ...validator.String) managed.Attribute {
	return managed.Configured(schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: validators})
}

func boolean(description string) managed.Attribute {
	return managed.ServerDefault(schema.BoolAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: description + " `true` or `false`. Left to Pigello if never declared; removing a declared line keeps " +
			"the value, since it cannot be cleared.",
	})
}

func relation(description string) managed.Attribute {
	return managed.ServerDefault(schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: description + " Compared without regard to case. Left to Pigello if never declared; removing a declared " +
			"line clears it, and Pigello may fill it again. Example: `497f6eca-6276-4993-bfeb-53cbbbba6f08`.",
		Validators: []validator.String{validate.Form(ident.UUID{})},
	})
}

func instruction(of string) managed.Attribute {
	return text("How "+of+" reach the user: a JSON array, best written with `jsonencode`. Pigello does not document its "+
		"elements: leave the attribute out unless Pigello's support gave you a value. Compared by value; `[]` is the same as no value. Unset: no "+
		"instructions. Example: `jsonencode([])`.",
		validate.Form(ident.JSONArray{}))
}
