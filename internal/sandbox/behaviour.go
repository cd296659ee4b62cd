package sandbox

import (
	"maps"
	"slices"
	"time"
)

// Behaviour is what a sandbox does where the documentation leaves servers a choice, or where a test wants trouble. The zero
// value, with credentials, is the plain sandbox. All of it is beyond the documentation.
type Behaviour struct {
	// Credentials are the headers that every request must carry, with their values. Anything else is answered with 401.
	Credentials map[string]string

	// Latency passes before each request is looked at.
	Latency time.Duration
	// RowLatency passes for each object in the answer of a list.
	RowLatency time.Duration
	// ClockSkew moves the server's clock, which sets created_at and the Date header.
	ClockSkew time.Duration
	// DateSkew moves the Date header alone: the gateway that sets it may have another clock than the database.
	DateSkew time.Duration

	// Rewrite, if it is not nil, changes what a write is about to store, after it was judged: servers trim, change case, add a country
	// code. It is given the members that were sent, and may add others. It may be called concurrently.
	Rewrite func(kind string, members map[string]any)

	// LowerEmailDomain answers e-mail addresses with their domain in lower case. Filters see them so, too.
	LowerEmailDomain bool
	// Separators says how personal and organization numbers are answered: "" as they were sent, "strip" without a
	// separator, "insert" with a hyphen before the last four digits. Filters see them so, too.
	Separators string
	// RewriteInstants answers instants with the offset +02:00 and six digits of fraction.
	RewriteInstants bool
	// CaseSensitiveIDs finds ids, in paths and in filters, only in the case in which they are stored. Relations are stored in lower case.
	CaseSensitiveIDs bool
	// EmptyForNull answers nullable strings that are null with "".
	EmptyForNull bool
	// UnknownMembers adds members to every object that the description does not have.
	UnknownMembers bool
	// BumpVolatile changes, at every answer, the members that a server changes by itself: last_login,
	// hotp_invite_sendout_time, email_verified, phone_number_verified, mfa_has_totp, mfa_has_hotp, tags, customer_columns.
	BumpVolatile bool
	// Hide names members that are answered with null, whatever they hold; HideInReads those that only a GET answers so.
	Hide        []string
	HideInReads []string

	// JudgeAlone judges the body of a PATCH by itself: it needs all required members and must satisfy the rules over
	// several members. Otherwise the object as it would become is judged.
	JudgeAlone bool
	// Unique names further members whose values two objects of an entity must not share.
	Unique []string
	// FillOrganization is the organization that an object gets that is created without one, or whose organization is set
	// to null. "" leaves it null.
	FillOrganization string

	// LagAfterCreate is how many GETs of a newly created object are answered with 404.
	LagAfterCreate int
	// LagInLists is how long lists do not hold a newly created object.
	LagInLists time.Duration
	// HideFromLists are ids that no list holds.
	HideFromLists []string

	// PageCap is the largest number of objects in the answer of a list; 0 for no limit. A larger _page_size is cut down
	// to it, or, with PageCapError, refused with 400.
	PageCap      int
	PageCapError bool
	// PastEnd is what a page behind the last one answers: "" or "empty" an empty list, "404" not found, "repeat" the last
	// page once more.
	PastEnd string
	// IgnoreFilters and IgnoreOrder make lists ignore those parameters, unknown ones included.
	IgnoreFilters bool
	IgnoreOrder   bool
	// IgnoreSlim makes lists of ids hold whole objects.
	IgnoreSlim bool
	// ShuffleUnordered answers a list without an order, or with IgnoreOrder, in a different order each time.
	ShuffleUnordered bool
	// ForbidLists answers all lists with 403.
	ForbidLists bool

	// NoUploadForms leaves the form out of the answer that follows the announcement of a profile picture.
	NoUploadForms bool

	// Refuse, if it is not nil, may refuse a request for an entity before it is judged: it answers a status, and what to
	// encode as the body. Status 0 refuses nothing. The body is nil if the request has no JSON object; a bulk write asks
	// once for each element. It may be called concurrently.
	Refuse func(method, kind string, body map[string]any) (status int, answer any)
}

// Configure changes the behaviour, from the next request on.
func (s *Sandbox) Configure(change func(*Behaviour)) {
	s.configuring.Lock()
	defer s.configuring.Unlock()
	// Requests hold on to the behaviour they began with, so that it must not change under them.
	next := *s.behaviour.Load()
	next.Credentials = maps.Clone(next.Credentials)
	next.Hide = slices.Clone(next.Hide)
	next.HideInReads = slices.Clone(next.HideInReads)
	next.Unique = slices.Clone(next.Unique)
	next.HideFromLists = slices.Clone(next.HideFromLists)
	change(&next)
	s.behaviour.Store(&next)
}
