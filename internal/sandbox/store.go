package sandbox

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	zero = json.Number("0")
	// instantLayout is how Django writes an instant.
	instantLayout = "2006-01-02T15:04:05.000000Z07:00"
)

// store holds the objects. mu guards everything in it. The map of a record's fields is replaced and never changed, so that it can be read
// later without mu.
type store struct {
	mu        sync.Mutex
	tables    map[*entity]*table
	pictures  map[string]*picture // by token
	invites   []json.RawMessage
	seq       uint64
	responses int // counts the responses of which each must be different
}

func newStore(d *description) store {
	tables := map[*entity]*table{}
	for _, e := range d.entities {
		tables[e] = &table{records: map[string]*record{}}
	}
	return store{tables: tables, pictures: map[string]*picture{}}
}

// record is one object.
type record struct {
	id      string
	seq     uint64
	fields  map[string]any // all fields; the profile picture as it was sent
	picture *picture

	hiddenReads int       // how many more GETs return 404
	listedFrom  time.Time // lists show it from then on

	// cached is its JSON for the behaviour cachedFor, until one of the two changes. It makes lists of thousands of objects fast.
	cached    []byte
	cachedFor *Behaviour
}

// table is all objects of one entity, by id, and sorted in the two most frequent orders.
type table struct {
	records map[string]*record
	inOrder []*record // of creation
	byID    []*record
}

func (t *table) get(id string) *record { return t.records[strings.ToLower(id)] }

func (t *table) add(r *record) {
	t.remove(r.id)
	t.records[strings.ToLower(r.id)] = r
	t.inOrder = append(t.inOrder, r)
	i, _ := slices.BinarySearchFunc(t.byID, r, compareIDs)
	t.byID = slices.Insert(t.byID, i, r)
}

func (t *table) remove(id string) {
	r := t.get(id)
	if r == nil {
		return
	}
	delete(t.records, strings.ToLower(id))
	if i, ok := slices.BinarySearchFunc(t.inOrder, r, compareSeqs); ok {
		t.inOrder = slices.Delete(t.inOrder, i, i+1)
	}
	if i, ok := slices.BinarySearchFunc(t.byID, r, compareIDs); ok {
		t.byID = slices.Delete(t.byID, i, i+1)
	}
}

func compareIDs(a, b *record) int {
	return cmp.Compare(strings.ToLower(a.id), strings.ToLower(b.id))
}

func compareSeqs(a, b *record) int { return cmp.Compare(a.seq, b.seq) }

// put stores a new object. The caller must hold mu.
func (st *store) put(e *entity, given map[string]any, now time.Time) *record {
	fields := e.defaults()
	maps.Copy(fields, given)
	fields["id"] = cmp.Or(text(fields["id"]), uuid.NewString())
	fields["created_at"] = cmp.Or(text(fields["created_at"]), now.UTC().Format(instantLayout))
	st.seq++
	r := &record{id: text(fields["id"]), seq: st.seq}
	if _, isUser := e.fields["username"]; isUser && fields["username"] == nil {
		// It must be unique, not longer than documented, and hold no personal data.
		fields["username"] = "user-" + strings.ReplaceAll(r.id, "-", "")
	}
	st.set(e, r, fields, given)
	st.tables[e].add(r)
	return r
}

// update sets the given fields of an object. The caller must hold mu.
func (st *store) update(e *entity, r *record, given map[string]any) {
	fields := maps.Clone(r.fields)
	maps.Copy(fields, given)
	st.set(e, r, fields, given)
}

// set replaces the fields of a record, and computes the derived ones unless they are given.
//
// Beyond the documentation, which says only that the derived fields exist.
func (st *store) set(e *entity, r *record, fields, given map[string]any) {
	if file, ok := given["profile_picture"]; ok {
		r.picture = st.addPicture(file)
	}
	for name, value := range given {
		if m := e.fields[name]; m.Relation || m.RelationList {
			fields[name] = canonicalRelation(value)
		}
	}
	if _, isUser := e.fields["full_name"]; isUser {
		name := displayName(fields)
		for _, derived := range []string{"full_name", "communication_name"} {
			if _, ok := given[derived]; !ok {
				fields[derived] = name
			}
		}
		if _, ok := given["is_company"]; !ok && e.kind == Subtenant {
			fields["is_company"] = text(fields["corporate_name"]) != ""
		}
	}
	r.fields, r.cached = fields, nil
}

func displayName(fields map[string]any) any {
	name := cmp.Or(
		text(fields["corporate_name"]),
		strings.TrimSpace(text(fields["first_name"])+" "+text(fields["last_name"])),
	)
	if fields["anonymized"] == true {
		name = text(fields["anonymization_name"])
	}
	if name == "" {
		return nil
	}
	return name
}

// canonicalRelation returns ids in lower case, and lists of them sorted and without duplicates, as a database does.
func canonicalRelation(value any) any {
	switch value := value.(type) {
	case map[string]any:
		return map[string]any{"id": strings.ToLower(text(value["id"]))}
	case []any:
		ids := make([]string, 0, len(value))
		for _, element := range value {
			ids = append(ids, relationID(element))
		}
		slices.Sort(ids)
		list := []any{}
		for _, id := range slices.Compact(ids) {
			list = append(list, map[string]any{"id": id})
		}
		return list
	}
	return value
}

// relationID returns the id of a relation in lower case, or "".
func relationID(value any) string {
	relation, _ := value.(map[string]any)
	return strings.ToLower(text(relation["id"]))
}

// text returns a value if it is a string, else "".
func text(value any) string {
	s, _ := value.(string)
	return s
}
