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

// store holds the objects. mu guards everything in it; a record's members are replaced, never changed, so that they may be
// read without it once they were taken out.
type store struct {
	mu       sync.Mutex
	tables   map[*entity]*table
	pictures map[string]*picture // by token
	invites  []json.RawMessage
	seq      uint64
	answers  int // counts the answers that must differ from each other
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
	members map[string]any // all of them; the profile picture as it was announced
	picture *picture

	hiddenReads int       // GETs that do not find it yet
	listedFrom  time.Time // lists do not hold it before

	// shown is its JSON as shownFor makes it, until one of the two changes: a list of thousands costs no more than a copy.
	shown    []byte
	shownFor *Behaviour
}

// table is all objects of one entity, findable by id and in both orders that lists ask for most.
type table struct {
	records map[string]*record
	inOrder []*record // as they were stored
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

// put stores a new object. The caller holds mu, here and in update.
func (st *store) put(e *entity, given map[string]any, now time.Time) *record {
	members := e.defaults()
	maps.Copy(members, given)
	members["id"] = cmp.Or(text(members["id"]), uuid.NewString())
	members["created_at"] = cmp.Or(text(members["created_at"]), now.UTC().Format(instantLayout))
	st.seq++
	r := &record{id: text(members["id"]), seq: st.seq}
	if _, isUser := e.members["username"]; isUser && members["username"] == nil {
		// Unique, within the documented length, and without anything personal in it.
		members["username"] = "user-" + strings.ReplaceAll(r.id, "-", "")
	}
	st.set(e, r, members, given)
	st.tables[e].add(r)
	return r
}

// update sets the given members of an object.
func (st *store) update(e *entity, r *record, given map[string]any) {
	members := maps.Clone(r.members)
	maps.Copy(members, given)
	st.set(e, r, members, given)
}

// set replaces a record's members and works out those that follow from others, unless they are among the given ones.
//
// Beyond the documentation, which says only that they exist.
func (st *store) set(e *entity, r *record, members, given map[string]any) {
	if announced, ok := given["profile_picture"]; ok {
		r.picture = st.announce(announced)
	}
	for name, value := range given {
		if m := e.members[name]; m.Relation || m.RelationList {
			members[name] = canonicalRelation(value)
		}
	}
	if _, isUser := e.members["full_name"]; isUser {
		name := displayName(members)
		for _, derived := range []string{"full_name", "communication_name"} {
			if _, ok := given[derived]; !ok {
				members[derived] = name
			}
		}
		if _, ok := given["is_company"]; !ok && e.kind == Subtenant {
			members["is_company"] = text(members["corporate_name"]) != ""
		}
	}
	r.members, r.shown = members, nil
}

func displayName(members map[string]any) any {
	name := cmp.Or(
		text(members["corporate_name"]),
		strings.TrimSpace(text(members["first_name"])+" "+text(members["last_name"])),
	)
	if members["anonymized"] == true {
		name = text(members["anonymization_name"])
	}
	if name == "" {
		return nil
	}
	return name
}

// canonicalRelation writes ids in lower case, and lists of them sorted and without repetitions, as a database would.
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

// relationID is the id of a relation, in lower case, or "".
func relationID(value any) string {
	relation, _ := value.(map[string]any)
	return strings.ToLower(text(relation["id"]))
}

// text is a value's text, or "" if it is none.
func text(value any) string {
	s, _ := value.(string)
	return s
}
