package client

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// organization is an API with many users. By default it responds at once and as documented; the fields change its behaviour.
type organization struct {
	mu       sync.Mutex
	users    map[string]string // id → JSON
	order    []string          // ids, sorted
	requests []string
	rows     int // objects in all lists

	latency   time.Duration // of a request
	perUser   time.Duration // for each object in a list
	cap       int           // most objects in a page
	refuses   bool          // a larger page, with 400
	past      string        // the end: "", "404", "repeat"
	unsorted  bool          // pages in a fixed order other than that of ids
	shuffles  bool          // pages in a new order each time
	unfilters bool          // filters are ignored
	hidden    map[string]bool
	forbidden bool          // lists: 403
	broken    bool          // lists: cut in two
	fails     bool          // lists: 500
	omits     []string      // fields that lists leave out
	nulls     bool          // lists show e-mail addresses as null
	sparse    bool          // all responses leave out fields that are null
	adds      bool          // each response has a field with a new name
	lags      bool          // lists show users as they were before the last write
	hangs     time.Duration // delay of each list after the first hangAfter ones
	hangAfter int
	lists     int
	listed    map[string]string // id → JSON, if lists show an older one
}

func newOrganization(size int, random bool) *organization {
	o := &organization{users: map[string]string{}, hidden: map[string]bool{}, listed: map[string]string{}}
	rng := rand.New(rand.NewPCG(1, uint64(size)))
	for n := range size {
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
		if random {
			id = randomUUID(rng)
		}
		o.order = append(o.order, id)
		o.users[id] = o.user(id, n)
	}
	slices.Sort(o.order)
	return o
}

func randomUUID(rng *rand.Rand) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], rng.Uint64())
	binary.BigEndian.PutUint64(b[8:], rng.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (o *organization) put(id string, version int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.users[id]; !ok {
		at, _ := slices.BinarySearch(o.order, id)
		o.order = slices.Insert(o.order, at, id)
	}
	o.users[id] = o.user(id, version)
}

func (o *organization) user(id string, version int) string {
	email := fmt.Sprintf(`"u%d@example.com"`, version)
	if version%3 == 0 {
		email = "null"
	}
	user := fmt.Sprintf(`{"id": %q, "custom_id": "v%d", "email": %s}`, id, version, email)
	if o.sparse {
		return strings.ReplaceAll(user, `, "email": null`, "")
	}
	return user
}

func (o *organization) remove(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.users, id)
	o.order = slices.DeleteFunc(o.order, func(other string) bool { return other == id })
}

func (o *organization) custom(id string) string { return between(o.users[id], `"custom_id": "`, `"`) }

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

// RoundTrip implements http.RoundTripper.
func (o *organization) RoundTrip(req *http.Request) (*http.Response, error) {
	status, body := o.respond(req)
	wait := o.latency
	if strings.HasSuffix(req.URL.Path, "/list/") {
		rows := strings.Count(body, `"id"`)
		wait += time.Duration(rows) * o.perUser
		o.mu.Lock()
		o.rows += rows
		if o.lists++; o.hangs > 0 && o.lists > o.hangAfter {
			wait = o.hangs
		}
		o.mu.Unlock()
	}
	select {
	case <-time.After(wait):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	if status == http.StatusOK && o.broken && strings.HasSuffix(req.URL.Path, "/list/") {
		return respond(status, body[:len(body)/2]), nil
	}
	if o.adds {
		body = strings.ReplaceAll(body, `{"id"`, fmt.Sprintf(`{"x%d": [], "id"`, rand.Uint64()))
	}
	return respond(status, body, "Date", time.Now().UTC().Format(http.TimeFormat)), nil
}

func (o *organization) respond(req *http.Request) (int, string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	path := strings.TrimSuffix(req.URL.Path, "/")
	name := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	query := req.URL.Query()
	what := req.Method + " "
	switch {
	case name != "list":
		what += "one"
	case query.Has("id__in"):
		what += "filtered " + strconv.Itoa(1+strings.Count(query.Get("id__in"), ","))
	case query.Has("custom_id__in"), query.Has("custom_id"):
		what += "holders of " + strconv.Itoa(1+strings.Count(query.Get("custom_id__in"), ","))
	default:
		what += "page " + query.Get("_page")
	}
	o.requests = append(o.requests, what)
	if name == "list" {
		return o.list(query)
	}
	user, ok := o.users[name]
	switch {
	case !ok:
		return http.StatusNotFound, `{"detail": "Not found."}`
	case req.Method == http.MethodPatch:
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return http.StatusBadRequest, ""
		}
		user = strings.Replace(user, `"`+o.custom(name)+`"`, `"`+between(string(body), `"custom_id":"`, `"`)+`"`, 1)
		o.written(name)
		o.users[name] = user
	case req.Method == http.MethodDelete && o.lags:
		o.written(name)
		delete(o.users, name)
		return http.StatusNoContent, ""
	case req.Method == http.MethodDelete:
		delete(o.users, name)
		o.order = slices.DeleteFunc(o.order, func(other string) bool { return other == name })
		return http.StatusNoContent, ""
	}
	return http.StatusOK, user
}

// written makes lists still show the current version of a user.
func (o *organization) written(id string) {
	if _, already := o.listed[id]; o.lags && !already {
		o.listed[id] = o.users[id]
	}
}

func (o *organization) list(query url.Values) (int, string) {
	page, err := strconv.Atoi(query.Get("_page"))
	size, err2 := strconv.Atoi(query.Get("_page_size"))
	switch {
	case o.forbidden:
		return http.StatusForbidden, `{"detail": "No."}`
	case o.fails:
		return http.StatusInternalServerError, ""
	case err != nil || err2 != nil || page < 1 || size < 1 || o.refuses && size > o.cap:
		return http.StatusBadRequest, `{"_page_size": ["Too large."]}`
	}
	if o.cap > 0 {
		size = min(size, o.cap)
	}
	ids := slices.DeleteFunc(slices.Clone(o.order), func(id string) bool { return o.hidden[id] })
	if query.Has("id__in") && !o.unfilters {
		in := strings.Split(query.Get("id__in"), ",")
		ids = slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(in, id) })
	}
	if custom := strings.Split(query.Get("custom_id__in")+query.Get("custom_id"), ","); (query.Has("custom_id__in") || query.Has("custom_id")) && !o.unfilters {
		ids = slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(custom, o.custom(id)) })
	}
	switch {
	case o.shuffles:
		rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	case o.unsorted:
		slices.SortFunc(ids, func(a, b string) int { return strings.Compare(a[30:]+a, b[30:]+b) })
	}
	last := max(1, (len(ids)+size-1)/size)
	if page > last {
		switch o.past {
		case "404":
			return http.StatusNotFound, `{"detail": "Invalid page."}`
		case "repeat":
			page = last
		default:
			return http.StatusOK, "[]"
		}
	}
	var list []string
	for _, id := range ids[(page-1)*size : min(page*size, len(ids))] {
		user := cmp.Or(o.listed[id], o.users[id])
		if len(o.omits) > 0 {
			var fields map[string]json.RawMessage
			if err := json.Unmarshal([]byte(user), &fields); err != nil {
				return http.StatusInternalServerError, ""
			}
			for _, field := range o.omits {
				delete(fields, field)
			}
			text, _ := json.Marshal(fields)
			user = string(text)
		}
		if o.nulls {
			user = strings.Replace(user, `"email": "`+between(user, `"email": "`, `"`)+`"`, `"email": null`, 1)
		}
		list = append(list, user)
	}
	return http.StatusOK, "[" + strings.Join(list, ",") + "]"
}
