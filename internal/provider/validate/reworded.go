package validate

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// String returns a validator of the framework's library with a message of this provider. The messages of the library quote values, and write
// lists in Go syntax. The rule is a sentence without the full stop, such as "exactly one of id and email must be set".
func String(library validator.String, rule string) validator.String {
	return rewordedString{library, reworded{rule}}
}

// Number is String for numbers.
func Number(library validator.Number, rule string) validator.Number {
	return rewordedNumber{library, reworded{rule}}
}

// Object is String for objects.
func Object(library validator.Object, rule string) validator.Object {
	return rewordedObject{library, reworded{rule}}
}

// Set is String for sets.
func Set(library validator.Set, rule string) validator.Set {
	return rewordedSet{library, reworded{rule}}
}

type reworded struct{ rule string }

// reword replaces the errors of the library with one of ours.
func (r reworded) reword(at path.Path, found diag.Diagnostics, diags *diag.Diagnostics) {
	if found.HasError() {
		diags.AddAttributeError(at, "Invalid value", sentence(r.rule))
	}
}

type (
	rewordedString struct {
		validator.String
		reworded
	}
	rewordedNumber struct {
		validator.Number
		reworded
	}
	rewordedObject struct {
		validator.Object
		reworded
	}
	rewordedSet struct {
		validator.Set
		reworded
	}
)

// ValidateString implements validator.String.
func (v rewordedString) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var inner validator.StringResponse
	v.String.ValidateString(ctx, req, &inner)
	v.reword(req.Path, inner.Diagnostics, &resp.Diagnostics)
}

// ValidateNumber implements validator.Number.
func (v rewordedNumber) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	var inner validator.NumberResponse
	v.Number.ValidateNumber(ctx, req, &inner)
	v.reword(req.Path, inner.Diagnostics, &resp.Diagnostics)
}

// ValidateObject implements validator.Object.
func (v rewordedObject) ValidateObject(ctx context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	var inner validator.ObjectResponse
	v.Object.ValidateObject(ctx, req, &inner)
	v.reword(req.Path, inner.Diagnostics, &resp.Diagnostics)
}

// ValidateSet implements validator.Set.
func (v rewordedSet) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	var inner validator.SetResponse
	v.Set.ValidateSet(ctx, req, &inner)
	v.reword(req.Path, inner.Diagnostics, &resp.Diagnostics)
}
