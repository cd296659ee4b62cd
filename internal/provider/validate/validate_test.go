package validate_test

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

var at = path.Root("thing")

func onString(v validator.String, value types.String) diag.Diagnostics {
	var resp validator.StringResponse
	v.ValidateString(context.Background(), validator.StringRequest{Path: at, ConfigValue: value}, &resp)
	return resp.Diagnostics
}

func onSet(v validator.Set, elements ...attr.Value) diag.Diagnostics {
	var resp validator.SetResponse
	v.ValidateSet(context.Background(), validator.SetRequest{Path: at, ConfigValue: types.SetValueMust(types.StringType, elements)}, &resp)
	return resp.Diagnostics
}

// check holds a verdict to what it should be, and its wording to what is said of all: it names the attribute, says
// what is expected, and never repeats the value.
func check(t *testing.T, what string, diags diag.Diagnostics, want string, value string) {
	t.Helper()
	if want == "" {
		if len(diags) > 0 {
			t.Errorf("%s: %v", what, diags)
		}
		return
	}
	if len(diags) != 1 || diags.ErrorsCount() != 1 {
		t.Errorf("%s: %v, want one error", what, diags)
		return
	}
	d := diags[0]
	if d.Summary() == "" || !strings.HasPrefix(d.Detail(), "The value of thing ") || !strings.HasSuffix(d.Detail(), ".") || !strings.Contains(d.Detail(), want) {
		t.Errorf("%s: %s: %s, want something about %q", what, d.Summary(), d.Detail(), want)
	}
	if withPath, ok := d.(diag.DiagnosticWithPath); !ok || !withPath.Path().Equal(at) {
		t.Errorf("%s: the error is not on the attribute", what)
	}
	if len(value) > 3 && strings.Contains(d.Summary()+d.Detail(), value) {
		t.Errorf("%s: the error repeats the value", what)
	}
}

func TestLength(t *testing.T) {
	for _, c := range []struct {
		least, most int
		value, want string
	}{
		{1, 5, "a", ""}, {1, 5, "åäö🎉界", ""}, {1, 5, "åäö🎉界e", "1 to 5 characters but has 6 characters"},
		{1, 5, "", "is empty; use null"}, {0, 5, "", "is empty"}, {1, 5, "     ", ""},
		{17, 20, strings.Repeat("x", 16), "17 to 20 characters but has 16 characters"}, {17, 20, strings.Repeat("å", 20), ""},
		{2, 2, "a", "2 characters but has 1 character."}, {1, 1, "ab", "1 character but has 2 characters"},
	} {
		check(t, c.value, onString(validate.Length(c.least, c.most), types.StringValue(c.value)), c.want, c.value)
	}
}

func TestForm(t *testing.T) {
	for _, c := range []struct {
		form        ident.Form
		value, want string
	}{
		{ident.Email{}, "ada@example.com", ""}, {ident.Email{}, "canary", "e-mail"},
		{ident.PhoneNumber{}, "+46701234567", ""}, {ident.PhoneNumber{}, "070-123 45 67", "digits"},
		{ident.Date{}, "1990-02-28", ""}, {ident.Date{}, "1990-02-30", "real date"},
		{ident.Instant{}, "2030-01-01T00:00:00Z", ""}, {ident.Instant{}, "2030-01-01", "RFC 3339"},
		{ident.PersonalNumber{}, "19900101-2385", ""}, {ident.PersonalNumber{}, "199001012386", "check digit"},
		{ident.PersonalNumber{}, "199013012385", "real date"}, {ident.PersonalNumber{}, "9001012385", "12 digits"},
		{ident.OrganizationNumber{}, "556036-0793", ""}, {ident.OrganizationNumber{}, "556036-0794", "check digit"},
		{ident.UUID{}, "497f6eca-6276-4993-bfeb-53cbbbba6f08", ""}, {ident.UUID{}, "canary", "UUID"},
		{ident.JSONArray{}, "[1]", ""}, {ident.JSONArray{}, `{"canary": 1}`, "JSON array"},
	} {
		check(t, c.value, onString(validate.Form(c.form), types.StringValue(c.value)), c.want, c.value)
		if c.form != (ident.Text{}) {
			check(t, "an empty text", onString(validate.Form(c.form), types.StringValue("")), "is empty; use null", "")
		}
	}
}

func TestDistinct(t *testing.T) {
	const id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
	other := types.StringValue("00000000-6276-4993-bfeb-53cbbbba6f08")
	a, upper, late, none := types.StringValue(id), types.StringValue(strings.ToUpper(id)), types.StringUnknown(), types.StringNull()
	v := validate.Distinct(ident.UUID{})
	check(t, "none", onSet(v), "", "")
	check(t, "two", onSet(v, a, other), "", "")
	check(t, "two spellings", onSet(v, a, other, upper), "two spellings", id)
	check(t, "unknown", onSet(v, a, late, late, none), "", "")
	check(t, "two spellings among unknown ones", onSet(v, late, upper, none, a), "two spellings", id)
	for _, set := range []types.Set{types.SetNull(types.StringType), types.SetUnknown(types.StringType)} {
		var resp validator.SetResponse
		v.ValidateSet(t.Context(), validator.SetRequest{Path: at, ConfigValue: set}, &resp)
		check(t, set.String(), resp.Diagnostics, "", "")
	}
}

func TestNullAndUnknownPass(t *testing.T) {
	for _, v := range []validator.String{validate.Length(17, 20), validate.Form(ident.Email{}), validate.Form(ident.PersonalNumber{})} {
		for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
			check(t, value.String(), onString(v, value), "", "")
		}
		if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) == "" {
			t.Errorf("%T does not describe itself", v)
		}
	}
}

// TestReworded shows that the library decides, and that this provider says why, without the value.
func TestReworded(t *testing.T) {
	v := validate.String(stringvalidator.OneOf("delete", "abandon"), "the value of thing must be delete or abandon")
	check(t, "one of them", onString(v, types.StringValue("delete")), "", "")
	check(t, "none of them", onString(v, types.StringValue("canary")), "must be delete or abandon", "canary")
}

func TestWholeNumber(t *testing.T) {
	for value, want := range map[float64]string{1: "", 5: "", 0: "from 1 to 5", 6: "from 1 to 5", 1.5: "a whole number"} {
		var resp validator.NumberResponse
		validate.WholeNumber(1, 5).ValidateNumber(t.Context(), validator.NumberRequest{Path: at, ConfigValue: types.NumberValue(big.NewFloat(value))}, &resp)
		check(t, fmt.Sprint(value), resp.Diagnostics, want, "")
	}
}
