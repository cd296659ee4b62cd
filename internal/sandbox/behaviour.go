package sandbox

import (
	"maps"
	"slices"
	"time"
)

// Behaviour changes how a sandbox behaves where the documentation leaves a choice to the server, or where a test needs a failure. The zero
// value with credentials is the default. All of it is beyond the documentation.
type Behaviour struct {
	// Credentials are the headers that every request must have, with their values. If one differs, the status is 401.
	Credentials map[string]string

	// Latency is the delay before each request is handled.
	Latency time.Duration
	// RowLatency is the delay for each object in a list.
	RowLatency time.Duration
	// ClockSkew moves the server's clock, which sets created_at and the Date header.
	ClockSkew time.Duration
	// DateSkew moves only the Date header: the gateway that sets it may have another clock than the database.
	DateSkew time.Duration

	// Rewrite, if it is not nil, changes the values that a write stores, after the body was validated: servers trim, change case, or add a
	// country code. It gets the fields that were sent, and may add others. It may be called concurrently.
	Rewrite func(kind string, fields map[string]any)

	// LowerEmailDomain returns e-mail addresses with their domain in lower case. Filters use that spelling, too.
	LowerEmailDomain bool
	// Separators says how personal and organization numbers are returned: "" as they were sent, "strip" without a separator, "insert" with
	// a hyphen before the last four digits. Filters use that spelling, too.
	Separators string
	// RewriteInstants returns instants with the offset +02:00 and six digits of fraction.
	RewriteInstants bool
	// CaseSensitiveIDs finds ids, in paths and in filters, only in the case in which they are stored. Relations are stored in lower case.
	CaseSensitiveIDs bool
	// EmptyForNull returns "" instead of null for nullable strings.
	EmptyForNull bool
	// UnknownFields adds fields to every object that are not in the description.
	UnknownFields bool
	// BumpVolatile changes the fields that a server changes by itself in every response: last_login, hotp_invite_sendout_time,
	// email_verified, phone_number_verified, mfa_has_totp, mfa_has_hotp, tags, customer_columns.
	BumpVolatile bool
	// Hide names fields that are returned as null, whatever their value is; HideInReads does so only for GET.
	Hide        []string
	HideInReads []string
	// Mask is what hidden texts are returned as instead of null, such as "***".
	Mask string

	// ValidateAlone validates the body of a PATCH alone: it needs all required fields, and must satisfy the rules for several fields. Otherwise
	// the object is validated as it would be after the change.
	ValidateAlone bool
	// Unique names further fields whose values must be unique among the objects of an entity.
	Unique []string
	// FillOrganization is the organization of an object that is created without one, or whose organization is set to null. "" leaves it null.
	FillOrganization string

	// LagAfterCreate is how many GETs of a new object return 404.
	LagAfterCreate int
	// LagInLists is how long a new object is missing in lists.
	LagInLists time.Duration
	// HideFromLists are ids of objects that are missing in all lists.
	HideFromLists []string

	// PageCap is the largest number of objects in a page; 0 for no limit. A larger _page_size is reduced to it, or, with PageCapError,
	// refused with 400.
	PageCap      int
	PageCapError bool
	// PastEnd is the response to a page after the last one: "" or "empty" is an empty list, "404" is not found, "repeat" is the last page again.
	PastEnd string
	// IgnoreFilters and IgnoreOrder make lists ignore these parameters, also unknown ones.
	IgnoreFilters bool
	IgnoreOrder   bool
	// IgnoreSlim makes lists ignore _slim.
	IgnoreSlim bool
	// ShuffleUnordered returns a list without an order, or with IgnoreOrder, in a different order each time.
	ShuffleUnordered bool
	// ForbidLists refuses all lists with 403.
	ForbidLists bool

	// NoUploadForms leaves the upload form out of the response to a write of a profile picture.
	NoUploadForms bool

	// Refuse, if it is not nil, can refuse a request for an entity before it is validated: it returns a status, and a value to encode as the
	// body. Status 0 means that the request is not refused. The body is nil if the request has no JSON object. A bulk write calls it for
	// each element. It may be called concurrently.
	Refuse func(method, kind string, body map[string]any) (status int, response any)
}

// Configure changes the behaviour, from the next request on.
func (s *Sandbox) Configure(change func(*Behaviour)) {
	s.configuring.Lock()
	defer s.configuring.Unlock()
	// Requests in flight keep the behaviour that they began with, so it must not change.
	next := *s.behaviour.Load()
	next.Credentials = maps.Clone(next.Credentials)
	next.Hide = slices.Clone(next.Hide)
	next.HideInReads = slices.Clone(next.HideInReads)
	next.Unique = slices.Clone(next.Unique)
	next.HideFromLists = slices.Clone(next.HideFromLists)
	change(&next)
	s.behaviour.Store(&next)
}
