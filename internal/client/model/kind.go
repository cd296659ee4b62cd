package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"strconv"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Kind says how the values of a field are encoded, and when two of them mean the same.
//
// A value in Go is nil (JSON null, and the empty string, which the API may return for it), a string, a bool, an
// int64, a []string (Relations) or a File (Picture).
type Kind int

// The kinds of fields of the Accounts API.
const (
	Text               Kind = iota // a string, compared as it is
	Email                          // a string, the domain compared as DNS does
	PhoneNumber                    // a string of digits, compared as it is
	Date                           // a string YYYY-MM-DD
	Instant                        // a string in RFC 3339, compared as an instant to the microsecond
	PersonalNumber                 // a string, a Swedish personal or coordination number, compared by digits
	OrganizationNumber             // a string, a Swedish organization number, compared by digits, without the prefix 16
	UUID                           // a string, compared without case
	Bool                           // true or false
	Integer                        // a whole number of 32 bits
	Relation                       // {"id": …}; in Go the id
	Relations                      // [{"id": …}, …], a set; in Go the ids
	JSONArray                      // an array whose elements are undocumented; in Go its JSON text
	Any                            // undocumented ("any"); in Go the text of a string, or compact JSON
	Picture                        // an uploaded file; in Go a File
)

// File is an uploaded file, without its signed addresses: these are secrets, and expire (see client.Form).
type File struct {
	Name    string // the file's name
	MD5Hash string // base64 of the MD5 of the content
}

// Form returns how texts of this kind are checked and compared.
func (k Kind) Form() ident.Form {
	switch k {
	case Email:
		return ident.Email{}
	case PhoneNumber:
		return ident.PhoneNumber{}
	case Date:
		return ident.Date{}
	case Instant:
		return ident.Instant{}
	case PersonalNumber:
		return ident.PersonalNumber{}
	case OrganizationNumber:
		return ident.OrganizationNumber{}
	case UUID, Relation, Relations:
		return ident.UUID{}
	case JSONArray:
		return ident.JSONArray{}
	default:
		return ident.Text{}
	}
}

// Key returns the same key for all spellings of a text, and a different key for every other text.
func (k Kind) Key(text string) string {
	if form, ok := k.Form().(ident.Keyed); ok {
		return form.Key(text)
	}
	return text
}

// Decode decodes a field's value. A missing field, null and "" are nil; a missing or null set is empty. The error says what was expected,
// and never quotes the value.
func (k Kind) Decode(raw json.RawMessage) (any, error) {
	if k == Relations {
		return decodeRelations(raw)
	}
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return nil, nil
	}
	switch k {
	case Bool:
		return decode[bool](raw, "true or false")
	case Integer:
		return decodeInteger(raw)
	case Relation:
		return decodeRelation(raw)
	case Picture:
		return decodeFile(raw)
	case JSONArray:
		return compact(raw)
	case Any:
		if raw[0] != '"' {
			return compact(raw)
		}
	}
	return decode[string](raw, "a text")
}

// Encode returns a value for json.Marshal. The empty value of a set is [], all other empty values are null.
func (k Kind) Encode(value any) any {
	switch v := value.(type) {
	case nil:
		if k == Relations {
			return []any{}
		}
	case []string:
		relations := make([]any, 0, len(v))
		for _, id := range v {
			relations = append(relations, Relation.Encode(id))
		}
		return relations
	case string:
		switch k {
		case Relation:
			return map[string]any{"id": v}
		case JSONArray:
			return json.RawMessage(v)
		}
	case File:
		return map[string]any{"name": v.Name, "md5_hash": v.MD5Hash}
	}
	return value
}

// Equal reports whether two values mean the same thing, however they are spelled.
func (k Kind) Equal(a, b any) bool {
	switch k {
	case Relations:
		return maps.Equal(keys(a), keys(b))
	case JSONArray:
		return k.Form().Equal(textOr(a, "null"), textOr(b, "null"))
	case Picture:
		x, isFile := a.(File)
		y, isFileToo := b.(File)
		return isFile == isFileToo && x.Name == y.Name && ident.MD5{}.Equal(x.MD5Hash, y.MD5Hash)
	}
	x, isText := a.(string)
	y, isTextToo := b.(string)
	if isText && isTextToo {
		return k.Form().Equal(x, y)
	}
	return a == b
}

func textOr(value any, absent string) string {
	if s, ok := value.(string); ok {
		return s
	}
	return absent
}

// keys returns the ids of a set in a spelling that can be compared.
func keys(set any) map[string]bool {
	ids, _ := set.([]string)
	keys := make(map[string]bool, len(ids))
	for _, id := range ids {
		keys[ident.UUID{}.Key(id)] = true
	}
	return keys
}

func decode[T any](raw json.RawMessage, expected string) (any, error) {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, errors.New("expected " + expected)
	}
	return v, nil
}

func decodeInteger(raw json.RawMessage) (any, error) {
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || n != math.Trunc(n) || n < math.MinInt32 || n > math.MaxInt32 {
		return nil, errors.New("expected a whole number of 32 bits")
	}
	return int64(n), nil
}

func decodeRelation(raw json.RawMessage) (any, error) {
	var v struct {
		ID *string `json:"id"`
	}
	if raw[0] != '{' || json.Unmarshal(raw, &v) != nil {
		return nil, errors.New(`expected a relation, an object with "id"`)
	}
	if v.ID == nil || *v.ID == "" {
		return nil, nil
	}
	return *v.ID, nil
}

func decodeRelations(raw json.RawMessage) (any, error) {
	ids := []string{}
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return ids, nil
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(raw, &elements); err != nil {
		return nil, errors.New("expected a list of relations")
	}
	seen := map[string]bool{}
	for _, element := range elements {
		id, err := Relation.Decode(element)
		if err != nil {
			return nil, fmt.Errorf("in a list of relations: %w", err)
		}
		if s, ok := id.(string); ok && !seen[ident.UUID{}.Key(s)] {
			seen[ident.UUID{}.Key(s)] = true
			ids = append(ids, s)
		}
	}
	return ids, nil
}

func decodeFile(raw json.RawMessage) (any, error) {
	var v struct {
		Name    *string `json:"name"`
		MD5Hash *string `json:"md5_hash"`
	}
	if raw[0] != '{' || json.Unmarshal(raw, &v) != nil {
		return nil, errors.New("expected a file, an object with name and md5_hash")
	}
	var file File
	if v.Name != nil {
		file.Name = *v.Name
	}
	if v.MD5Hash != nil {
		file.MD5Hash = *v.MD5Hash
	}
	return file, nil
}

func compact(raw json.RawMessage) (any, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return nil, errors.New("expected JSON")
	}
	return b.String(), nil
}
