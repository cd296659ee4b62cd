// Package sandbox is the Pigello API of package apispec in memory: an [http.Handler] for tests, demonstrations and manual use.
//
// It checks the seven credential headers. It validates bodies against the API description, and against the rules for several fields or
// objects. It supports lists with filters, order, paging and search, bulk writes, invites and profile pictures, and keeps a log of all
// requests. Every object that it returns is checked against the description, too: a violation has the status 501, which no client
// retries, and a text that begins with "sandbox:".
//
// A [Behaviour] changes what the sandbox does where real servers may differ. A [Fault] makes single requests fail.
//
// # What is belief
//
// The documentation of the API says little about the behaviour of the server. Where the sandbox does something without a source, a comment
// says "Beyond the documentation". In short:
//
//   - Errors follow Django REST framework: {"detail": "…"}, or {"<field>": ["…"]} with status 400; 401 for wrong
//     credentials, 404 if an object does not exist, 405 for another method, 415 for another content type.
//   - A path without its trailing slash is redirected with 301, whatever the method.
//   - PATCH is partial: fields that are left out keep their value (see [Behaviour].ValidateAlone for the alternative).
//   - Fields left out at creation are null, [], 0 or false; only is_active is true.
//   - Empty text, unknown fields and read-only fields in a body are refused.
//   - The ids of relations need not exist. They are returned in lower case, and lists of them sorted.
//   - Check digits of personal and organization numbers are checked, those of gln13_number are not.
//   - Unknown list parameters, and operators that a field's family does not have, are refused with 400.
//   - Null satisfies no filter except isnull. A negated filter matches all objects that the plain one does not, null included.
//   - A list without paging returns all objects. Without _order_by they are in the order of creation.
//   - With _slim=true the objects of a list have only their id.
//   - _search searches all text fields and ignores case.
//   - An element of a bulk write that has an id updates that object. A bulk write stores all elements or none.
//   - The response to a write of a profile picture has a form to upload the file, as S3 does.
package sandbox
