package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Expr is an HCL expression, in contrast to a text.
type Expr string

// Attributes are those that a configuration declares: texts, numbers, booleans, lists, maps, and expressions.
type Attributes map[string]any

// With returns the attributes with others replaced, or removed by nil.
func (a Attributes) With(changes Attributes) Attributes {
	b := maps.Clone(a)
	for name, value := range changes {
		if value == nil {
			delete(b, name)
		} else {
			b[name] = value
		}
	}
	return b
}

// Only returns the attributes with these names.
func (a Attributes) Only(names ...string) Attributes {
	b := Attributes{}
	for _, name := range names {
		b[name] = a[name]
	}
	return b
}

// Resource returns the block of a resource. The lines, such as a lifecycle block, come last in it.
func (a Attributes) Resource(of, name string, lines ...string) string {
	return a.Block(fmt.Sprintf("resource %q %q", of, name), lines...)
}

// Block returns a block of configuration with a head, such as provider "pigello".
func (a Attributes) Block(head string, lines ...string) string {
	var b strings.Builder
	b.WriteString(head + " {\n")
	for _, name := range slices.Sorted(maps.Keys(a)) {
		fmt.Fprintf(&b, "  %s = %s\n", name, Literal(a[name]))
	}
	for _, line := range lines {
		b.WriteString("  " + line + "\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// Literal writes a value in HCL, which reads the literals of JSON but for its templates.
func Literal(value any) string {
	if e, ok := value.(Expr); ok {
		return string(e)
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(text))
}

// User returns the block of a user with what is required, and the lines.
func User(name string, lines ...string) string {
	return Attributes{"detail_access": 0, "first_name": "Ada"}.Resource("pigello_organization_user", name, lines...)
}

// UserWithID is User with the name as the custom_id.
func UserWithID(name string, lines ...string) string {
	return User(name, append(lines, "custom_id = "+Literal(name))...)
}

// Imports is a block that imports instances of a resource by their ids. Terraform 1.16.0 carries out only the first of several blocks for
// instances of one resource.
func Imports(address string, ids map[string]string) string {
	return "import {\n  for_each = " + Literal(ids) + "\n  to = " + address + "[each.key]\n  id = each.value\n}\n"
}
