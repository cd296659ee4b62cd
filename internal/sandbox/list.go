package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
)

// query is the parameters of a list.
type query struct {
	filters    []filter
	order      []order
	search     string
	slim       bool // return only ids
	page, size int  // 0 without paging
}

type order struct {
	field      apispec.Field
	descending bool
}

func (c *call) list(e *entity) response {
	if a := c.refuse(e, nil); a != nil {
		return *a
	}
	if c.b.ForbidLists {
		return failure(http.StatusForbidden, "You do not have permission to perform this action.")
	}
	q, errs := c.parse(e, c.r.URL.Query())
	if len(errs) > 0 {
		return refused(errs)
	}
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	records, found := c.page(q, c.find(e, q))
	if !found {
		return failure(http.StatusNotFound, "Invalid page.")
	}
	var list bytes.Buffer
	list.WriteByte('[')
	for i, r := range records {
		if i > 0 {
			list.WriteByte(',')
		}
		text, err := c.showInList(e, r, q)
		if err != nil {
			return violation(err)
		}
		list.Write(text)
	}
	list.WriteByte(']')
	return response{status: http.StatusOK, header: jsonHeader(), body: list.Bytes(), rows: len(records)}
}

// showInList encodes an object for a list. That _slim leaves only the id is documented for other entities.
func (c *call) showInList(e *entity, r *record, q query) ([]byte, error) {
	if q.slim {
		return json.Marshal(map[string]string{"id": r.id})
	}
	return c.show(e, r, false)
}

// parse parses the parameters of a list.
//
// Beyond the documentation: unknown parameters are refused.
func (c *call) parse(e *entity, parameters url.Values) (query, map[string][]string) {
	var q query
	errs := map[string][]string{}
	number := func(name string) int {
		n, err := strconv.ParseInt(parameters.Get(name), 10, 32)
		if err != nil || n < 1 {
			errs[name] = []string{"Enter a number of at least 1."}
		}
		return int(n)
	}
	for name, values := range parameters {
		switch {
		case name == "_page":
			q.page = number(name)
		case name == "_page_size":
			q.size = number(name)
		case name == "_slim":
			slim, err := strconv.ParseBool(parameters.Get(name))
			if err != nil {
				errs[name] = []string{"Must be a valid boolean."}
			}
			q.slim = slim && !c.b.IgnoreSlim
		case name == "_search":
			q.search = strings.ToLower(parameters.Get(name))
		case name == "_order_by":
			if !c.b.IgnoreOrder && !e.parseOrder(&q, parameters.Get(name)) {
				errs[name] = []string{"Not a field to order by."}
			}
		case c.b.IgnoreFilters:
		default:
			for _, value := range values {
				f, problem := c.parseFilter(e, name, value)
				if problem != "" {
					errs[name] = []string{problem}
				}
				q.filters = append(q.filters, f)
			}
		}
	}
	if parameters.Has("_page") != parameters.Has("_page_size") {
		errs["_page"] = []string{"_page and _page_size must be set together."}
	}
	if c.b.PageCap > 0 && q.size > c.b.PageCap {
		if c.b.PageCapError {
			errs["_page_size"] = []string{"Ensure this value is less than or equal to " + strconv.Itoa(c.b.PageCap) + "."}
		}
		q.size = c.b.PageCap
	}
	return q, errs
}

func (e *entity) parseOrder(q *query, value string) bool {
	for name := range strings.SplitSeq(value, ",") {
		name, descending := strings.CutPrefix(name, "-")
		m := e.fields[name]
		if m.FilterFamily == "" || m.RelationList {
			return false
		}
		q.order = append(q.order, order{m, descending})
	}
	return true
}

// find returns the objects of a query, in order.
func (c *call) find(e *entity, q query) []*record {
	t := c.s.store.tables[e]
	inIDOrder := len(q.order) == 1 && q.order[0].field.Name == "id" && !q.order[0].descending
	records, compare := t.inOrder, compareSeqs
	if inIDOrder {
		records, compare = t.byID, compareIDs
	}
	// A filter by ids must not compare all objects: bulk reading uses it often.
	if ids, ok := q.ids(); ok {
		records = nil
		for _, id := range ids {
			if r := c.stored(e, id); r != nil {
				records = append(records, r)
			}
		}
		slices.SortFunc(records, compare)
		records = slices.Compact(records)
	}
	if len(q.filters) > 0 || q.search != "" || c.b.LagInLists > 0 || len(c.b.HideFromLists) > 0 {
		now := time.Now()
		var matching []*record
		for _, r := range records {
			if q.matches(r) && c.matchesSearch(e, q.search, r) && c.listed(r, now) {
				matching = append(matching, r)
			}
		}
		records = matching
	}
	switch {
	case inIDOrder:
	case len(q.order) > 0:
		records = c.sort(q.order, records)
	case c.b.ShuffleUnordered:
		records = slices.Clone(records)
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	}
	return records
}

// ids returns the ids of a filter by id, if there is one.
func (q query) ids() ([]string, bool) {
	for _, f := range q.filters {
		if f.field.Name == "id" && !f.negated && (f.operator == "" || f.operator == "in") {
			return strings.Split(f.value, ","), true
		}
	}
	return nil, false
}

func (q query) matches(r *record) bool {
	for _, f := range q.filters {
		if f.match(r.fields[f.field.Name]) == f.negated {
			return false
		}
	}
	return true
}

// matchesSearch reports whether an object contains the text of a search.
//
// Beyond the documentation, which does not say which fields are searched.
func (c *call) matchesSearch(e *entity, search string, r *record) bool {
	return search == "" || slices.ContainsFunc(e.byName, func(m apispec.Field) bool {
		value := text(c.canonical(m.Format, r.fields[m.Name]))
		return m.FilterFamily == "text" && strings.Contains(strings.ToLower(value), search)
	})
}

func (c *call) listed(r *record, now time.Time) bool {
	return (c.b.LagInLists == 0 || !now.Before(r.listedFrom)) && !slices.Contains(c.b.HideFromLists, r.id)
}

// sort sorts as PostgreSQL does: null is the greatest. Equal objects keep their order.
func (c *call) sort(by []order, records []*record) []*record {
	type entry struct {
		r    *record
		keys []key
	}
	entries := make([]entry, len(records))
	for i, r := range records {
		entries[i] = entry{r, make([]key, len(by))}
		for j, o := range by {
			entries[i].keys[j], _ = c.key(o.field, r.fields[o.field.Name])
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		for j, o := range by {
			if n := a.keys[j].compare(b.keys[j]); n != 0 {
				if o.descending {
					return -n
				}
				return n
			}
		}
		return 0
	})
	sorted := make([]*record, len(entries))
	for i := range entries {
		sorted[i] = entries[i].r
	}
	return sorted
}

// page returns the requested page, and whether it exists.
//
// Beyond the documentation: pages after the last one, and a limit for lists without paging.
func (c *call) page(q query, records []*record) ([]*record, bool) {
	if q.size == 0 {
		if c.b.PageCap > 0 && !c.b.PageCapError {
			records = records[:min(c.b.PageCap, len(records))]
		}
		return records, true
	}
	last := max(1, (len(records)+q.size-1)/q.size)
	if q.page > last {
		switch c.b.PastEnd {
		case "404":
			return nil, false
		case "repeat":
			q.page = last
		default:
			return nil, true
		}
	}
	start := (q.page - 1) * q.size
	return records[start:min(start+q.size, len(records))], true
}

// key is a value in a form that can be compared with other values of the same field.
type key struct {
	null   bool
	number float64
	text   string
}

func (k key) compare(other key) int {
	if k.null != other.null {
		if k.null {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(k.number, other.number), cmp.Compare(k.text, other.text))
}

// key returns the key of a value, and whether it is valid for the field.
func (c *call) key(m apispec.Field, value any) (key, bool) {
	switch value := value.(type) {
	case nil:
		return key{null: true}, true
	case bool:
		if value {
			return key{number: 1}, true
		}
		return key{}, true
	case json.Number:
		n, err := value.Float64()
		return key{number: n}, err == nil && !math.IsInf(n, 0)
	case map[string]any:
		return key{text: relationID(value)}, true
	case string:
		switch m.Format {
		case "date-time":
			instant, err := time.Parse(time.RFC3339, value)
			return key{number: float64(instant.UnixMicro())}, err == nil
		case "uuid":
			return key{text: c.canonicalID(value)}, true
		}
		return key{text: text(c.canonical(m.Format, value))}, true
	}
	return key{}, false
}
