package conformance_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// What users' configurations rely on, written down a second time: R is required, O optional, OC optional and computed,
// C computed; ! is sensitive. A later change adds lines here; a line that changes breaks somebody's configuration.
var contract = map[string]map[string]string{
	"the provider": {
		"environment": "O", "base_url": "O", "customer_id": "O", "application_id": "O", "service_id": "O", "service_version_id": "O",
		"client_ct": "O", "client_entity": "O", "client_secret": "O!", "request_timeout": "O", "max_retries": "O",
		"max_requests_per_second": "O", "accept_empty": "O", "bulk_read": "O", "on_duplicate": "O", "max_destroys": "O",
	},
	"pigello_organization_user": {
		"id": "C", "username": "C", "created_at": "C", "full_name": "C", "communication_name": "C", "detail_access": "R",
		"first_name": "O", "last_name": "O", "corporate_name": "O", "custom_id": "O", "email": "O", "phone_number": "O",
		"birth_date": "O", "ssn": "O!", "ssn_is_coordination_number": "OC", "org_no": "O", "fmi": "O", "active_to": "O",
		"is_active": "OC", "prefer_invoice_view_only": "OC", "anonymized": "OC", "anonymization_name": "O",
		"organization_id": "OC", "role_id": "OC", "external_client_ids": "OC", "debt_distribution_instruction": "O",
		"reminder_distribution_instruction": "O", "send_out_distribution_instruction": "O", "invoice_distribution_instruction": "O",
		"ssn_wo": "Ow", "ssn_wo_version": "O", "ssn_wo_declared": "C", "ssn_written_at": "C", "on_destroy": "OC", "timeouts": "O",
		"profile_picture": "O", "profile_picture.source": "R", "profile_picture.name": "OC", "profile_picture.md5_hash": "C",
		"timeouts.create": "O", "timeouts.read": "O", "timeouts.update": "O", "timeouts.delete": "O",
	},
	"pigello_protected_identity": {
		"id": "C", "created_at": "C", "tenant_id": "O", "sub_tenant_id": "O", "custom_id": "O", "organization_id": "OC",
		"previous_address_id": "O", "current_registered_address_id": "O", "future_address_id": "O",
		"first_name": "O!", "last_name": "O!", "email": "O!", "phone_number": "O!", "birth_date": "O!", "ssn": "O!",
		"personal_data_wo": "Ow", "personal_data_wo_version": "O", "personal_data_wo_members": "C", "personal_data_written_at": "C",
		"timeouts":                    "O",
		"personal_data_wo.first_name": "O!w", "personal_data_wo.last_name": "O!w", "personal_data_wo.email": "O!w",
		"personal_data_wo.phone_number": "O!w", "personal_data_wo.birth_date": "O!w", "personal_data_wo.ssn": "O!w",
		"timeouts.create": "O", "timeouts.read": "O", "timeouts.update": "O", "timeouts.delete": "O",
	},
}

// volatile are the fields that a server changes by itself. In a resource they would be drift that nobody caused.
var volatile = []string{
	"last_login", "hotp_invite_sendout_time", "email_verified", "phone_number_verified", "mfa_has_totp", "mfa_has_hotp", "tags",
	"customer_columns",
}

func kindsOf(s *tfprotov6.Schema) map[string]string { return kinds(attributes(s)) }

// nestedKindsOf returns the same of the attributes in objects, each behind the object's name and a dot.
func nestedKindsOf(s *tfprotov6.Schema) map[string]string {
	nested := map[string]*tfprotov6.SchemaAttribute{}
	for name, a := range attributes(s) {
		if a.NestedType != nil {
			for _, in := range a.NestedType.Attributes {
				nested[name+"."+in.Name] = in
			}
		}
	}
	return kinds(nested)
}

func kinds(attributes map[string]*tfprotov6.SchemaAttribute) map[string]string {
	kinds := map[string]string{}
	for name, a := range attributes {
		for _, flag := range []struct {
			set  bool
			mark string
		}{{a.Required, "R"}, {a.Optional, "O"}, {a.Computed, "C"}, {a.Sensitive, "!"}, {a.WriteOnly, "w"}, {a.Deprecated, "d"}} {
			if flag.set {
				kinds[name] += flag.mark
			}
		}
	}
	return kinds
}

func TestSchemasAreTheContract(t *testing.T) {
	p := serve(t)
	schemas := maps.Clone(p.ResourceSchemas)
	schemas["the provider"] = p.Provider
	if got, want := slices.Sorted(maps.Keys(schemas)), slices.Sorted(maps.Keys(contract)); !slices.Equal(got, want) {
		t.Errorf("there are %v, the contract has %v", got, want)
	}
	for name, want := range contract {
		got := kindsOf(schemas[name])
		maps.Copy(got, nestedKindsOf(schemas[name]))
		for attribute := range want {
			if got[attribute] != want[attribute] {
				t.Errorf("%s.%s is %q, want %q", name, attribute, got[attribute], want[attribute])
			}
		}
		for attribute := range got {
			if want[attribute] == "" {
				t.Errorf("%s.%s is not in the contract", name, attribute)
			}
		}
		if schema := schemas[name]; schema != nil && len(schema.Block.BlockTypes) > 0 {
			t.Errorf("%s has blocks; nested attributes are easier to write", name)
		}
	}
	for name, schema := range p.ResourceSchemas {
		if schema.Version != 0 {
			t.Errorf("%s has schema version %d, which needs a test of the upgrade", name, schema.Version)
		}
		for _, field := range volatile {
			if attributes(schema)[field] != nil {
				t.Errorf("%s shows %s, which changes by itself", name, field)
			}
		}
	}
}

// dataSources are the data sources with the number of their attributes, and the attributes that are no computed ones.
var dataSources = map[string]struct {
	attributes int
	others     map[string]string
}{
	"pigello_organization_user":  {38, map[string]string{"id": "OC", "custom_id": "OC", "email": "OC", "username": "OC", "ssn": "C!"}},
	"pigello_organization_users": {9, map[string]string{"filters": "O", "search": "O", "order_by": "O", "limit": "O", "ids_only": "O", "include_ssn": "O", "ssn_by_id": "C!"}},
	"pigello_subtenants":         {9, map[string]string{"filters": "O", "search": "O", "order_by": "O", "limit": "O", "ids_only": "O", "include_ssn": "O", "ssn_by_id": "C!"}},
	"pigello_subtenant":          {65, map[string]string{"id": "OC", "custom_id": "OC", "email": "OC", "org_no": "OC", "ssn": "OC!"}},
}

func TestDataSourcesAreTheContract(t *testing.T) {
	p := serve(t)
	if got, want := slices.Sorted(maps.Keys(p.DataSourceSchemas)), slices.Sorted(maps.Keys(dataSources)); !slices.Equal(got, want) {
		t.Errorf("there are the data sources %v, the contract has %v", got, want)
	}
	for dataSource, want := range dataSources {
		kinds := kindsOf(p.DataSourceSchemas[dataSource])
		if len(kinds) != want.attributes {
			t.Errorf("%s has %d attributes, want %d", dataSource, len(kinds), want.attributes)
		}
		for name, kind := range kinds {
			if kind != cmp.Or(want.others[name], "C") {
				t.Errorf("%s.%s is %q, want %q", dataSource, name, kind, cmp.Or(want.others[name], "C"))
			}
		}
	}
}

func TestFunctionsAreTheContract(t *testing.T) {
	p := serve(t)
	got := map[string]string{}
	for name, f := range p.Functions {
		got[name] = f.Return.Type.String() + " of"
		for _, parameter := range f.Parameters {
			got[name] += " " + parameter.Name
		}
		if f.VariadicParameter != nil {
			t.Errorf("%s takes any number of arguments", name)
		}
	}
	want := map[string]string{
		"normalize_ssn": "tftypes.String of ssn", "ssn_birth_date": "tftypes.String of ssn", "ssn_is_coordination_number": "tftypes.Bool of ssn",
		"normalize_org_no": "tftypes.String of org_no",
	}
	if !maps.Equal(got, want) {
		t.Errorf("there are the functions %v, the contract has %v", got, want)
	}
}

func TestActionsAreTheContract(t *testing.T) {
	p := serve(t)
	want := map[string]map[string]string{
		"pigello_organization_user_invite": {"user_id": "O", "body": "O"},
		"pigello_subtenant_invite":         {"sub_tenant_id": "O", "body": "O"},
	}
	if got, want := slices.Sorted(maps.Keys(p.ActionSchemas)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("there are the actions %v, the contract has %v", got, want)
	}
	for name, action := range p.ActionSchemas {
		if got := kindsOf(action.Schema); !maps.Equal(got, want[name]) {
			t.Errorf("%s has %v, want %v", name, got, want[name])
		}
	}
}

func TestListResourcesAreTheContract(t *testing.T) {
	p := serve(t)
	got, want := slices.Sorted(maps.Keys(p.ListResourceSchemas)), slices.Sorted(maps.Keys(p.ResourceSchemas))
	if !slices.Equal(got, want) {
		t.Errorf("there are the list resources %v, want one for each resource: %v", got, want)
	}
	for name, schema := range p.ListResourceSchemas {
		if got, want := kindsOf(schema), map[string]string{"filters": "O", "search": "O", "order_by": "O"}; !maps.Equal(got, want) {
			t.Errorf("%s has %v, want %v", name, got, want)
		}
	}
}

func TestIdentitiesAreTheContract(t *testing.T) {
	p := serve(t)
	if len(p.Identities) != len(p.ResourceSchemas) {
		t.Errorf("%d identities for %d resources", len(p.Identities), len(p.ResourceSchemas))
	}
	for name, identity := range p.Identities {
		if identity.Version != 0 || len(identity.IdentityAttributes) != 1 {
			t.Fatalf("%s: %+v", name, identity)
		}
		if a := identity.IdentityAttributes[0]; a.Name != "id" || !a.RequiredForImport || a.OptionalForImport || !isSentence(a.Description) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func isSentence(s string) bool {
	return len(s) > 10 && strings.HasSuffix(s, ".") && strings.TrimSpace(s) == s && !strings.HasPrefix(s, ".")
}

// TestEverythingIsDescribed walks all schemas. The provider's attributes name their variables, the resources' say what
// leaving them out means.
func TestEverythingIsDescribed(t *testing.T) {
	p := serve(t)
	var walk func(where string, attributes []*tfprotov6.SchemaAttribute)
	walk = func(where string, attributes []*tfprotov6.SchemaAttribute) {
		for _, a := range attributes {
			if !isSentence(a.Description) || a.DescriptionKind != tfprotov6.StringKindMarkdown {
				t.Errorf("%s.%s has the description %q", where, a.Name, a.Description)
			}
			if a.NestedType != nil {
				walk(where+"."+a.Name, a.NestedType.Attributes)
			}
		}
	}
	check := func(name string, s *tfprotov6.Schema) {
		if !isSentence(s.Block.Description) {
			t.Errorf("%s has the description %q", name, s.Block.Description)
		}
		walk(name, s.Block.Attributes)
	}
	check("the provider", p.Provider)
	for _, a := range p.Provider.Block.Attributes {
		if want := "`PIGELLO_" + strings.ToUpper(a.Name) + "`"; !strings.Contains(a.Description, want) {
			t.Errorf("the description of %s does not name %s", a.Name, want)
		}
	}
	for name, s := range p.ResourceSchemas {
		check(name, s)
		for _, a := range s.Block.Attributes {
			switch {
			case a.Optional && a.Computed && !slices.Contains(terraformsOwn, a.Name) && !strings.Contains(a.Description, "Left to Pigello"):
				t.Errorf("%s.%s does not say that it is left to Pigello", name, a.Name)
			case a.Optional && !a.Computed && !strings.Contains(a.Description, "Unset") && !strings.Contains(a.Description, "Exactly one"):
				t.Errorf("%s.%s does not say what leaving it out means", name, a.Name)
			}
		}
	}
	for name, s := range p.DataSourceSchemas {
		check(name, s)
	}
	for name, action := range p.ActionSchemas {
		check(name, action.Schema)
	}
	for name, f := range p.Functions {
		if !isSentence(f.Description) || f.Summary == "" {
			t.Errorf("the function %s has the summary %q and the description %q", name, f.Summary, f.Description)
		}
		for _, parameter := range f.Parameters {
			if !isSentence(parameter.Description) {
				t.Errorf("%s(%s) has the description %q", name, parameter.Name, parameter.Description)
			}
		}
	}
	for name, s := range p.ListResourceSchemas {
		check(name, s)
	}
}
