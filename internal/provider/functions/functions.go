// Package functions has the provider's functions. They are pure, since Terraform calls them at any time, also without a configured provider,
// and again at apply.
package functions

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// number is a function of one Swedish number. Its errors never repeat the number.
type number struct {
	name        string
	summary     string
	description string
	parameter   function.StringParameter
	result      function.Return
	of          func(string) (any, error)
}

// Metadata implements function.Function.
func (f number) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

// Definition implements function.Function.
func (f number) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: f.summary, MarkdownDescription: f.description, Parameters: []function.Parameter{f.parameter}, Return: f.result,
	}
}

// Run implements function.Function.
func (f number) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var given string
	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return
	}
	result, err := f.of(strings.Join(strings.Fields(given), ""))
	if given == "" {
		err = fmt.Errorf(`is empty; where there may be no number, write x == "" ? null : provider::pigello::%s(x)`, f.name)
	}
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error()) // Terraform adds the name of the argument
		return
	}
	resp.Error = resp.Result.Set(ctx, result)
}

const sensitivity = "\n\nThe result is sensitive if the number is. Mark personal numbers as sensitive: in an error, Terraform prints values that are not."

var ssn = function.StringParameter{
	Name: "ssn",
	MarkdownDescription: "A Swedish personal number, or coordination number (the day raised by 60): 12 digits with the century, with or without " +
		"`-` or `+` before the last four and with spaces anywhere, and a right check digit. A coordination number may have 00 for the month, and for " +
		"the day (written as 60), of a date of birth that is not known in full. Ten digits are an error: only the day on which they were " +
		"written tells the century. Example: `19900101-2385`.",
}

// NewNormalizeSSN returns the function normalize_ssn.
func NewNormalizeSSN() function.Function {
	return number{
		name: "normalize_ssn", summary: "Write a personal number in one way",
		description: "Returns a Swedish personal or coordination number as its twelve digits, without a separator, such as `199001012385`. All spellings of " +
			"one number give the same text, for use as a key and in comparisons. The attribute `ssn` accepts every spelling, including this one." + sensitivity,
		parameter: ssn, result: function.StringReturn{},
		of: func(s string) (any, error) {
			parts, err := parse(s)
			return parts.Digits, err
		},
	}
}

// NewSSNBirthDate returns the function ssn_birth_date.
func NewSSNBirthDate() function.Function {
	return number{
		name: "ssn_birth_date", summary: "Tell the date of birth from a personal number",
		description: "Returns the date of birth, `YYYY-MM-DD`, that a Swedish personal or coordination number begins with. The 60 that a coordination " +
			"number adds to the day is taken off.\n\nReturns `null` if a coordination number has 00 for the month or the day: it does not tell the date of " +
			"birth. An attribute that is `null` has no value, and `coalesce` puts another date in its place." + sensitivity,
		parameter: ssn, result: function.StringReturn{},
		of: func(s string) (any, error) {
			parts, err := parse(s)
			if parts.BirthDate == "" {
				return types.StringNull(), err
			}
			return parts.BirthDate, err
		},
	}
}

// NewSSNIsCoordinationNumber returns the function ssn_is_coordination_number.
func NewSSNIsCoordinationNumber() function.Function {
	return number{
		name: "ssn_is_coordination_number", summary: "Tell a coordination number from a personal number",
		description: "Returns `true` for a Swedish coordination number, whose day of birth is raised by 60, and `false` for a personal number." + sensitivity,
		parameter:   ssn, result: function.BoolReturn{},
		of: func(s string) (any, error) {
			parts, err := parse(s)
			return parts.Coordination, err
		},
	}
}

// NewNormalizeOrgNo returns the function normalize_org_no.
func NewNormalizeOrgNo() function.Function {
	return number{
		name: "normalize_org_no", summary: "Write an organization number in one way",
		description: "Returns a Swedish organization number as its ten digits, without a separator, such as `4020001238`. All spellings of one number " +
			"give the same text, for use as a key and in comparisons. It removes the 16 that Swedish authorities write before an organization number, as in " +
			"`164020001238`. The attribute `org_no` accepts ten digits with or without a hyphen, and refuses the 16." + sensitivity,
		parameter: function.StringParameter{
			Name: "org_no",
			MarkdownDescription: "A Swedish organization number: ten digits, with or without 16 before them, with or without a hyphen before the last four and " +
				"with spaces anywhere, and a right check digit. Example: `402000-1238`.",
		},
		result: function.StringReturn{},
		of: func(s string) (any, error) {
			return ident.ParseOrganizationNumber(s)
		},
	}
}

var withoutCentury = regexp.MustCompile(`^[0-9]{6}[-+]?[0-9]{4}$`)

func parse(s string) (ident.PersonalNumberParts, error) {
	if withoutCentury.MatchString(s) {
		// "-" means younger than 100 years, and "+" means older, so the same text would later mean another person.
		return ident.PersonalNumberParts{}, errors.New("must have the century, which ten digits do not tell: write all twelve, YYYYMMDDNNNN")
	}
	return ident.ParsePersonalNumber(s)
}
