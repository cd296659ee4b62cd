package client

import (
	"encoding/json"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// fieldCheck finds out whether lists show all fields of an object. A field that a list leaves out, or a personal field that it shows as null,
// would look like drift. But servers may also leave out a field that is null, and an object may have no value.
type fieldCheck struct {
	documented []model.Field
	inReads    map[fieldSeen]bool // what objects have when they are read alone; nil before the first such read
	inLists    map[fieldSeen]bool // what objects have in lists
	probe      string             // id of the last object that has shown another field when it was read alone: a list with it may show that field, too
}

// fieldSeen is that an object has a field, or, for a personal field, a value of it.
type fieldSeen struct {
	name  string
	value bool
}

// addRead adds the fields of an object that was read alone.
func (f *fieldCheck) addRead(object model.Object) {
	if f.inReads == nil {
		f.inReads = map[fieldSeen]bool{}
	}
	if before := len(f.inReads); f.add(f.inReads, object) > before {
		f.probe = object.ID()
	}
}

// known reports whether an object was read alone, so that isComplete can decide.
func (f *fieldCheck) known() bool { return f.inReads != nil }

// addList adds the fields of the objects in a list, until all fields were seen.
func (f *fieldCheck) addList(objects []rawObject) {
	for _, raw := range objects {
		if f.allInLists() {
			return
		}
		var object model.Object
		if json.Unmarshal(raw.raw, &object) == nil {
			f.addListed(object)
		}
	}
}

// isComplete reports whether an object in a list has all its fields: each field that objects have when they are read alone is in this
// object, or was in another object of a list, so that it may be null here.
func (f *fieldCheck) isComplete(object model.Object) bool {
	f.addListed(object)
	return f.allInLists()
}

func (f *fieldCheck) addListed(object model.Object) {
	if f.inLists == nil {
		f.inLists = map[fieldSeen]bool{}
	}
	f.add(f.inLists, object)
}

func (f *fieldCheck) allInLists() bool {
	for seen := range f.inReads {
		if !f.inLists[seen] {
			return false
		}
	}
	return true
}

// add adds what an object has to seen, and returns the number of its elements then.
func (f *fieldCheck) add(seen map[fieldSeen]bool, object model.Object) int {
	for _, field := range f.documented {
		if _, has := object[field.Name]; !has {
			continue
		}
		seen[fieldSeen{field.Name, false}] = true
		if value, err := object.Value(field); field.Personal && (err != nil || value != nil) {
			seen[fieldSeen{field.Name, true}] = true
		}
	}
	return len(seen)
}
