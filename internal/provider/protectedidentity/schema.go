package protectedidentity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

const typeName = "pigello_protected_identity"

const description = "The personal data of a tenant or subtenant who lives under protected identity. There is at most one " +
	"for each person.\n\n" +
	"Changes are made in place; nothing replaces a protected identity. Removing the resource deletes it.\n\n" +
	"The personal attributes (`first_name`, `last_name`, `email`, `phone_number`, `birth_date`, `ssn`) are sensitive: " +
	"Terraform does not show them, but **it does store them in the state**. Prefer `personal_data_wo`, of which nothing is ever stored.\n\n" +
	"Personal attributes enter the state only after they were declared. An import writes no personal data to disk, and personal data that " +
	"is not declared is not read into the state."

func attributes(ctx context.Context) map[string]managed.Attribute {
	all := map[string]managed.Attribute{
		"timeouts":   managed.Local(managed.Timeouts(ctx)),
		"id":         managed.Computed(schema.StringAttribute{Computed: true, MarkdownDescription: "The protected identity's id, a UUID. It never changes."}),
		"created_at": managed.Computed(schema.StringAttribute{Computed: true, MarkdownDescription: "When the protected identity was created, in RFC 3339."}),

		"tenant_id": relation("The id of the tenant whose identity is protected, a UUID. Exactly one of `tenant_id` and "+
			"`sub_tenant_id` is needed; moving from one to the other is a change in place.",
			validate.String(stringvalidator.ExactlyOneOf(path.MatchRoot("tenant_id"), path.MatchRoot("sub_tenant_id")),
				"exactly one of tenant_id and sub_tenant_id must be set")),
		"sub_tenant_id": relation("The id of the subtenant whose identity is protected, a UUID. Exactly one of `tenant_id` and " +
			"`sub_tenant_id` is needed."),
		"custom_id": managed.Configured(schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Your own identifier of the protected identity. 1 to 128 characters. Unset: none. Example: `case-7`.",
			Validators:          []validator.String{validate.Length(1, 128)},
		}),
		"organization_id": managed.ServerDefault(schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "The id of the organization that the protected identity belongs to, a UUID. Compared without " +
				"regard to case. Left to Pigello if never declared; removing a declared line clears it, and Pigello may fill " +
				"it again. Example: `497f6eca-6276-4993-bfeb-53cbbbba6f08`.",
			Validators: []validator.String{validate.Form(ident.UUID{})},
		}),
		"previous_address_id":           relation("The id of the address before the present one, a UUID. Unset: none."),
		"current_registered_address_id": relation("The id of the address in the population register, a UUID. Unset: none."),
		"future_address_id":             relation("The id of the address that the person will move to, a UUID. Unset: none."),

		"personal_data_wo": managed.Local(schema.SingleNestedAttribute{
			Optional: true, WriteOnly: true,
			MarkdownDescription: "The personal data as write-only values, instead of the six plain attributes: nothing of it is stored in " +
				"the state or the plan, and a difference in Pigello is still found at every plan, by name. Takes ephemeral values. " +
				"Needs Terraform 1.11. Unset, completely or in part: values that were declared here before are cleared, and all " +
				"others stay. Example: `{ last_name = var.last_name }`, with an ephemeral variable.",
			Attributes: writeOnlyAttributes(),
			Validators: []validator.Object{validate.Object(objectvalidator.ConflictsWith(plainAttributes()...),
				"only one of personal_data_wo and the attributes first_name, last_name, email, phone_number, birth_date and ssn may be set")},
		}),
		"personal_data_wo_version": managed.Local(schema.NumberAttribute{
			Optional: true, Validators: []validator.Number{validate.NoEffectWithout("personal_data_wo")},
			MarkdownDescription: "A number of your choice; a change of it writes `personal_data_wo` again. Only needed where Pigello hides " +
				"the data from this integration. Unset: differences alone decide. Example: `1`.",
		}),
		"personal_data_wo_members": managed.Local(schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "The sorted names of the members that `personal_data_wo` declares. If they differ between plan and apply, because a secret " +
				"is missing, the apply stops before it sends anything.",
		}),
		"personal_data_written_at": managed.Local(schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "When Terraform last wrote or cleared members of `personal_data_wo`, in RFC 3339. Known only after apply if the object " +
				"changes while they are declared, since the apply compares them again. Null if they were never written.",
		}),
	}
	for name, a := range personalAttributes {
		all[name] = personal(a.description, a.validator)
	}
	return all
}

// personalAttributes describe the fields of personalData, which have a plain and a write-only form.
var personalAttributes = map[string]struct {
	description string
	validator   validator.String
}{
	"first_name": {"The first name. 1 to 255 characters. Example: `Ada`.", validate.Length(1, 255)},
	"last_name":  {"The last name. 1 to 255 characters. Example: `Lovelace`.", validate.Length(1, 255)},
	"email": {"The e-mail address, at most 254 characters. The domain is compared without regard to case, and " +
		"`räksmörgås.se` is the same as `xn--rksmrgs-5wao1o.se`. " +
		"Example: `ada@example.com`.", validate.Form(ident.Email{})},
	"phone_number": {"The phone number: 7 to 15 digits, optionally after `+`, without spaces or hyphens. " +
		"Example: `+46701234567`.", validate.Form(ident.PhoneNumber{})},
	"birth_date": {"The date of birth, `YYYY-MM-DD`. Example: `1990-01-01`.", validate.Form(ident.Date{})},
	"ssn": {"The Swedish personal number, or coordination number (the day raised by 60, and the month or day 00 if it is not known): 12 digits with the century, optionally " +
		"with a separator before the last four, and a right check digit. Compared by its digits. Example: `19900101-2385`.",
		validate.Form(ident.PersonalNumber{})},
}

func writeOnlyAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for name, a := range personalAttributes {
		attributes[name] = schema.StringAttribute{
			Optional: true, Sensitive: true, WriteOnly: true,
			MarkdownDescription: a.description, Validators: []validator.String{a.validator},
		}
	}
	return attributes
}

func plainAttributes() []path.Expression {
	var expressions []path.Expression
	for _, name := range personalData {
		expressions = append(expressions, path.MatchRoot(name))
	}
	return expressions
}

func relation(description string, validators ...validator.String) managed.Attribute {
	return managed.Configured(schema.StringAttribute{
		Optional: true,
		MarkdownDescription: description + " Compared without regard to case. " +
			"Example: `497f6eca-6276-4993-bfeb-53cbbbba6f08`.",
		Validators: append([]validator.String{validate.Form(ident.UUID{})}, validators...),
	})
}

func personal(description string, validators ...validator.String) managed.Attribute {
	return managed.OmittedUntilDeclared(schema.StringAttribute{
		Optional: true, Sensitive: true,
		MarkdownDescription: description + " Unset: no value; one that Pigello has and that was never declared here is neither read " +
			"into the state nor cleared.",
		Validators: validators,
	})
}
