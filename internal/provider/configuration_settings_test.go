package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

// TestSettings reads what the provider's own code goes by, from the configuration, the environment and neither.
func TestSettings(t *testing.T) {
	schema := configurationSchema()
	object, _ := schema.Type().TerraformType(t.Context()).(tftypes.Object)
	for _, credential := range credentials {
		t.Setenv(variable(credential.name), "sandbox")
	}
	number := func(n int64) tftypes.Value { return tftypes.NewValue(tftypes.Number, n) }
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	five, none := int64(5), int64(0)
	for name, c := range map[string]struct {
		config      map[string]tftypes.Value
		environment map[string]string
		onDuplicate providerdata.OnDuplicate
		maxDestroys *int64
		unknown     bool
	}{
		"neither":           {onDuplicate: providerdata.Warn},
		"the configuration": {config: map[string]tftypes.Value{"on_duplicate": text("error"), "max_destroys": number(5)}, onDuplicate: providerdata.Error, maxDestroys: &five},
		"the environment":   {environment: map[string]string{"on_duplicate": "ignore", "max_destroys": "0"}, onDuplicate: providerdata.Ignore, maxDestroys: &none},
		"both": {
			config:      map[string]tftypes.Value{"on_duplicate": text("warn"), "max_destroys": number(0)},
			environment: map[string]string{"on_duplicate": "error", "max_destroys": "5"}, onDuplicate: providerdata.Warn, maxDestroys: &none,
		},
		"not known": {
			config: map[string]tftypes.Value{
				"on_duplicate": tftypes.NewValue(tftypes.String, tftypes.UnknownValue), "max_destroys": tftypes.NewValue(tftypes.Number, tftypes.UnknownValue),
			},
			environment: map[string]string{"on_duplicate": "error", "max_destroys": "5"}, onDuplicate: providerdata.Warn, unknown: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			values := map[string]tftypes.Value{}
			for attribute, of := range object.AttributeTypes {
				values[attribute] = tftypes.NewValue(of, nil)
			}
			maps.Copy(values, c.config)
			for attribute, value := range c.environment {
				t.Setenv(variable(attribute), value)
			}
			var diags diag.Diagnostics
			_, data, known := readConfiguration(t.Context(), tfsdk.Config{Raw: tftypes.NewValue(object, values), Schema: schema}, &diags)
			if diags.HasError() || known == c.unknown {
				t.Fatalf("known: %v, %v", known, diags)
			}
			sameLimit := data.MaxDestroys == nil && c.maxDestroys == nil ||
				data.MaxDestroys != nil && c.maxDestroys != nil && *data.MaxDestroys == *c.maxDestroys
			if data.OnDuplicate != c.onDuplicate || !sameLimit {
				t.Errorf("on_duplicate %s, max_destroys %v", data.OnDuplicate, data.MaxDestroys)
			}
		})
	}
}
