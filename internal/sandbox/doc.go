// Package sandbox is the Pigello API of package apispec in memory: an [http.Handler] for tests, demonstrations and play.
//
// It checks the seven credential headers, judges bodies member by member against the API description and then by the rules
// that span members or objects, answers lists with filters, order, paging and search, takes bulk writes, invites and
// profile pictures, and keeps a log of all requests. Every object that it answers is checked against the description
// too: a violation is answered with 501, which no client retries, and a text that begins with "sandbox:".
//
// A [Behaviour] makes it differ where real servers may differ, a [Fault] makes single requests fail.
//
// # What is belief
//
// The API's documentation says little about how the server behaves. What the sandbox does without a source is marked
// "Beyond the documentation" where it is done. In short:
//
//   - Errors follow Django REST framework: {"detail": "…"}, or {"<member>": ["…"]} with status 400; 401 for wrong
//     credentials, 404 for what does not exist, 405 for another method, 415 for another content type.
//   - A path without its trailing slash is redirected with 301, whatever the method.
//   - PATCH is partial: members that are left out keep their value (see [Behaviour].JudgeAlone for the other reading).
//   - Members left out at creation are null, [], 0 or false, but for is_active, which is true.
//   - Empty text, unknown members and read-only members in a body are refused.
//   - Relations are not looked up: any UUID will do. They are answered in lower case, lists of them sorted.
//   - Check digits of personal and organization numbers are judged, those of gln13_number are not.
//   - Unknown list parameters, and operators that a field's family lacks, are refused with 400.
//   - Null matches no filter but isnull, and a negated filter matches whatever the plain one does not, null included.
//   - A list without paging holds everything, without _order_by in the order of creation.
//   - With _slim=true the objects of a list have nothing but their id.
//   - _search looks at all text members, ignoring case.
//   - An element of a bulk write that has an id updates that object. A bulk write is done whole or not at all.
//   - A profile picture that is announced is answered with a form to upload it, in the manner of S3.
package sandbox
