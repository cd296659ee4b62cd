package selection

import (
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// FiltersDescription describes the attribute filters, with all fields and operators. It is indented for a list of attributes.
func FiltersDescription(entity model.Entity) string {
	private, hidden := "", "  - If Pigello hides a personal field from this integration but filters by it, objects whose value is hidden stay in the result.\n\n"
	if entity.Confidential {
		hidden = "  - If Pigello hides a personal field from this integration, a filter by it finds nobody.\n\n"
		private = "\n  - Personal fields, such as `ssn`, but for `isnull`: no address of a request contains personal data of the " + entity.Plural + "."
	}
	return "Filters in the API's own spelling: a field, two underscores and an operator, and a `!` at the end to negate, such as " +
		"`{ \"email__iendswith\" = \"@example.com\", \"organization_id__isnull!\" = \"true\" }`. Without an operator the filter is the exact match. " +
		"An object must match all filters. Relations may be written with or without `_id`. Unset: all objects.\n\n" +
		"  The fields and their operators:\n\n" + fields(entity) + "\n\n" +
		"  How values are written and compared:\n\n" +
		"  - `in` takes a list separated by commas; no value in it may contain a comma. `isnull` takes `true` or `false`. Values are not trimmed, and " +
		"must not be empty.\n" +
		"  - Separators in personal and organization numbers do not count, nor does the case of a UUID and of the domain of an e-mail address.\n" +
		"  - An empty text counts as null.\n" +
		"  - A negated filter matches objects without a value.\n" +
		hidden +
		"  Performance: the provider applies every filter again to the objects that Pigello returns. Some filters it applies alone, after reading all " +
		"objects that match the other filters:\n\n" +
		"  - `in` with a list that is too long for a URL, or with several e-mail addresses.\n" +
		"  - `contains` with a part of a personal or organization number.\n" +
		"  - `isnull` set to `true` for a text that is not personal." + private
}

// fields lists the fields by their operators. Those with the fewest operators are first.
func fields(entity model.Entity) string {
	var families []string // the operators of each
	names := map[string][]string{}
	for _, f := range entity.Fields {
		if operators := strings.Join(f.Operators(), "`, `"); operators != "" {
			if names[operators] == nil {
				families = append(families, operators)
			}
			names[operators] = append(names[operators], f.Name)
		}
	}
	slices.SortFunc(families, func(a, b string) int { return len(a) - len(b) })
	for i, operators := range families {
		slices.Sort(names[operators])
		families[i] = "  - with `" + operators + "`: `" + strings.Join(names[operators], "`, `") + "`"
	}
	return strings.Join(families, "\n")
}

// SearchDescription describes the attribute search.
func SearchDescription(entity model.Entity) string {
	private := ""
	if entity.Confidential {
		private = " The text is part of an address, which servers write to their logs: do not search for personal data, but filter."
	}
	return "A text that Pigello searches for, up to 255 characters. Which fields it searches is not documented, so " +
		"the provider cannot check the result as it does with `filters`." + private + " Unset: no search."
}

// OrderByDescription describes the attribute order_by.
const OrderByDescription = "The fields to order the result by, the most important first, with a `-` in front for descending order, such as " +
	"`[\"last_name\", \"-created_at\"]`. Every field that has one value and can be filtered by can be used. Pigello decides how letters compare and " +
	"where null is placed. Unset: ordered by `id`."

// LimitDescription describes the attribute limit.
const LimitDescription = "The largest number of objects in the result, 1 or more: the first ones in the order of `order_by`. Reading stops when they are " +
	"found. Unset: no limit."

// idsOnlyDescription describes the attribute ids_only of a data source whose objects are in the attribute result.
func idsOnlyDescription(entity model.Entity, result string) string {
	return "`true` stores only `ids` of the " + entity.Plural + ": `" + result + "` is null, and no name, address or number enters the " +
		"state or the plan. Conflicts with `include_ssn = true`. Without `filters` and `search` the provider asks Pigello for ids only. " +
		"Unset: `false`."
}

// includeSSNDescription describes the attribute include_ssn.
const includeSSNDescription = "`true` fills `ssn_by_id`, and so stores personal numbers in the state. Conflicts with " +
	"`ids_only = true`. Unset: `false`."
