package messages

import (
	"fmt"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

const (
	dataUser   = "pigello_organization_user"
	dataUsers  = "pigello_organization_users"
	dataTenant = "pigello_subtenant"
	userInvite = "pigello_organization_user_invite"
)

// ada is a user whom nothing is wrong with.
var ada = object{"detail_access": 0, "first_name": "Ada"}

// TestValidation renders what `terraform validate` says.
func TestValidation(t *testing.T) {
	ctx := t.Context()
	p, c := unconfigured(t), open(t, "validation")
	for _, v := range []struct {
		what, attribute string
		value           any
	}{
		{"another detail_access", "detail_access", 5},
		{"a fraction for detail_access", "detail_access", 1.5},
		{"an empty text", "phone_number", ""},
		{"an empty text with a length", "custom_id", ""},
		{"a text that is too long", "custom_id", string(make([]byte, 129))},
		{"a text that is too short", "fmi", "1"},
		{"an e-mail address", "email", "ada"},
		{"a phone number", "phone_number", "070-123 45 67"},
		{"a date", "birth_date", "1990-02-30"},
		{"a personal number without a century", "ssn", "9001012385"},
		{"the date of a personal number", "ssn", "199013012385"},
		{"the check digit of a personal number", "ssn", "199001012386"},
		{"a write-only personal number", "ssn_wo", "199001012386"},
		{"an organization number", "org_no", "1"},
		{"the check digit of an organization number", "org_no", "402000-1239"},
		{"an organization number with 16 before it", "org_no", "164020001238"},
		{"an instant", "active_to", "2030-01-01"},
		{"an id", "role_id", "admin"},
		{"no list in JSON", "send_out_distribution_instruction", "{}"},
		{"an id in a set", "external_client_ids", []any{"somebody"}},
		{"an empty text in a set", "external_client_ids", []any{""}},
		{"null in a set", "external_client_ids", []any{nil}},
		{"one id in two spellings", "external_client_ids", []any{"497F6ECA-6276-4993-BFEB-53CBBBBA6F08", id}},
		{"another on_destroy", "on_destroy", "keep"},
		{"an empty on_destroy", "on_destroy", ""},
		{"a timeout without a unit", "timeouts", object{"create": "5"}},
		{"an empty timeout", "timeouts", object{"create": ""}},
		{"a version without its write-only value", "ssn_wo_version", 1},
		{"a name of a picture that is too long", "profile_picture", object{"source": "ada.png", "name": string(make([]byte, 256))}},
	} {
		c.add(v.what, p.ValidateResource(ctx, userType, ada.With(object{v.attribute: v.value})))
	}
	c.add("no name", p.ValidateResource(ctx, userType, object{"detail_access": 0}))
	c.add("a personal number in both forms", p.ValidateResource(ctx, userType, object{
		"detail_access": 0, "first_name": "Ada", "ssn": "199001012385", "ssn_wo": "199001012385",
	}))
	c.add("a protected identity of nobody", p.ValidateResource(ctx, identityType, object{}))
	c.add("a protected identity of two", p.ValidateResource(ctx, identityType, object{"tenant_id": tenant, "sub_tenant_id": other}))
	c.add("personal data in both forms", p.ValidateResource(ctx, identityType, object{
		"tenant_id": tenant, "first_name": "Ada", "personal_data_wo": object{"last_name": "Lovelace"},
	}))
	c.add("write-only personal data", p.ValidateResource(ctx, identityType, object{
		"tenant_id": tenant, "personal_data_wo": object{"ssn": "199001012386", "email": ""},
	}))
	c.add("a version without its write-only object", p.ValidateResource(ctx, identityType, object{"tenant_id": tenant, "personal_data_wo_version": 1}))
}

// TestSelection renders what is said of the attributes of data sources, list resources, the ephemeral resource and actions.
func TestSelection(t *testing.T) {
	ctx := t.Context()
	p, c := unconfigured(t), open(t, "selection")
	c.add("no key", p.ValidateDataSource(ctx, dataUser, object{}))
	c.add("two keys", p.ValidateDataSource(ctx, dataUser, object{"custom_id": "emp-42", "email": "ada@example.com"}))
	c.add("an empty key", p.ValidateDataSource(ctx, dataTenant, object{"email": ""}))
	c.add("no key of an ephemeral resource", p.ValidateEphemeral(ctx, identityType, object{}))
	for _, f := range []struct{ what, name, operand string }{
		{"another field", "age", "7"},
		{"no field", "", "7"},
		{"a field that filters do not have", "full_name", "Ada"},
		{"another operator", "email__gt", "a"},
		{"an empty filter", "email", ""},
		{"an empty element", "email__in", "ada@example.com,"},
		{"an element", "id__in", id + ",7"},
		{"isnull", "email__isnull", "yes"},
		{"a part of a number", "ssn__contains", "abc"},
		{"a whole number", "detail_access", "1.5"},
		{"a flag", "is_active", "1"},
		{"an instant with nanoseconds", "created_at__gt", "2030-01-01T00:00:00.123456789Z"},
	} {
		c.add("filters: "+f.what, p.ValidateDataSource(ctx, dataUsers, object{"filters": object{f.name: f.operand}}))
	}
	c.add("filters: null", p.ValidateDataSource(ctx, dataUsers, object{"filters": object{"email": nil}}))
	c.add("order_by: another field", p.ValidateDataSource(ctx, dataUsers, object{"order_by": []any{"id", "-age"}}))
	c.add("order_by: a list", p.ValidateDataSource(ctx, dataUsers, object{"order_by": []any{"external_clients"}}))
	c.add("order_by: empty", p.ValidateDataSource(ctx, dataUsers, object{"order_by": []any{""}}))
	c.add("order_by: null", p.ValidateDataSource(ctx, dataUsers, object{"order_by": []any{nil}}))
	c.add("limit: zero", p.ValidateDataSource(ctx, dataUsers, object{"limit": 0}))
	c.add("limit: a fraction", p.ValidateDataSource(ctx, dataUsers, object{"limit": 1.5}))
	c.add("search: empty", p.ValidateDataSource(ctx, dataUsers, object{"search": ""}))
	c.add("ids_only and include_ssn", p.ValidateDataSource(ctx, dataUsers, object{"ids_only": true, "include_ssn": true}))
	c.add("a list resource: another field", p.ValidateList(ctx, acctest.ListRequest{Of: userType, Config: object{"filters": object{"age": "7"}}}))

	c.add("nobody to invite", p.ValidateAction(ctx, userInvite, object{}))
	c.add("two ways to say whom to invite", p.ValidateAction(ctx, userInvite, object{"user_id": id, "body": "{}"}))
	c.add("another id to invite", p.ValidateAction(ctx, userInvite, object{"user_id": "ada"}))
	c.add("an empty id to invite", p.ValidateAction(ctx, userInvite, object{"user_id": ""}))
	c.add("a body that is no JSON", p.ValidateAction(ctx, userInvite, object{"body": "{"}))

	c.add("a function: empty", call(t, p, "normalize_ssn", ""))
	c.add("a function: ten digits", call(t, p, "normalize_ssn", "900101-2385"))
	c.add("a function: a check digit", call(t, p, "ssn_birth_date", "199001012386"))
	c.add("a function: an organization number", call(t, p, "normalize_org_no", "1"))
}

// call returns the error of a function, in the words that Terraform adds to it.
func call(t *testing.T, p *acctest.InProcess, name, argument string) acctest.Diagnostics {
	t.Helper()
	_, err := p.Call(t.Context(), name, argument)
	if err == nil {
		t.Fatalf("%s: no error", name)
	}
	return acctest.Diagnostics{{Severity: "error", Summary: "Invalid function argument", Detail: fmt.Sprintf(
		"Invalid value for %q parameter: %s.", p.Functions[name].Parameters[*err.FunctionArgument].Name, err.Text)}}
}
