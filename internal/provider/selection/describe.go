package selection

import (
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// FiltersDescription describes the attribute filters, with all that can be filtered by. It is indented for a list of attributes.
func FiltersDescription(entity model.Entity) string {
	return "Filters in the API's own spelling: a field, an operator after two underscores, and a `!` at the end to negate, such as " +
		"`{ \"email__iendswith\" = \"@example.com\", \"organization_id__isnull!\" = \"true\" }`. Without an operator the filter is the exact match. An " +
		"object must satisfy all of them. Relations may be written with or without `_id`. Unset asks for all objects.\n\n" +
		"  The fields and their operators:\n\n" + fields(entity) + "\n\n" +
		"  `in` takes a list separated by commas, so that a value with a comma cannot be in it; `isnull` takes `true` or `false`; nothing " +
		"is trimmed, and nothing may be empty. The provider filters once more what the API answers. Separators in personal and organization " +
		"numbers, the case of an e-mail address's domain and the case of a UUID do not count, and an empty text is null. A negated " +
		"filter keeps the objects without a value that the API answers; so does any other filter those whose value the API hides from " +
		"the integration, if the API is seen to filter by it.\n\n" +
		"  A list that is too long for an address, several e-mail addresses in a list, a part in the middle of a number, and the " +
		"absence of a text that is not personal are filtered by the provider alone, which then reads all objects that the other filters leave."
}

// fields lists the fields by their operators, those with the fewest first.
func fields(entity model.Entity) string {
	var families []string // the operators of each
	names := map[string][]string{}
	for _, m := range entity.Fields {
		if operators := strings.Join(m.Operators(), "`, `"); operators != "" {
			if names[operators] == nil {
				families = append(families, operators)
			}
			names[operators] = append(names[operators], m.Name)
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
const SearchDescription = "A text that Pigello searches for, up to 255 characters. Which fields it looks at is not documented, so that " +
	"the provider cannot check the result as it does with `filters`. Unset searches for nothing."

// OrderByDescription describes the attribute order_by.
const OrderByDescription = "The fields to order the result by, the first one first, with a `-` in front for descending order, such as " +
	"`[\"last_name\", \"-created_at\"]`: any field that can be filtered by and has one value. How letters compare, and where null " +
	"stands, is Pigello's choice. Unset orders by `id`."

// LimitDescription describes the attribute limit.
const LimitDescription = "How many objects the result holds at most, 1 or more: the first ones in the order of `order_by`. Reading ends as " +
	"soon as they are found. Unset is no limit."

// idsOnlyDescription describes the attribute ids_only of a data source whose objects are in the attribute result.
func idsOnlyDescription(entity model.Entity, result string) string {
	return "`true` stores nothing of the " + entity.Plural + " but `ids`: `" + result + "` is null, and no name, address or number reaches the " +
		"state or the plan. Not together with `include_ssn = true`. Without `filters` and `search` the provider asks Pigello for ids alone. " +
		"Unset is `false`."
}

// includeSSNDescription describes the attribute include_ssn.
const includeSSNDescription = "`true` fills `ssn_by_id`, and so stores personal numbers in the state. Not together with " +
	"`ids_only = true`. Unset is `false`."
