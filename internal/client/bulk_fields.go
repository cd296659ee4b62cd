package client

import (
	"encoding/json"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// fieldCheck finds out whether lists show all fields of an object. A field that a list leaves out, or a personal field that it shows as null,
// would look like drift. But servers may also leave out a field that is null, and an object may have no value.
type fieldCheck struct {
	documented []model.Field
	inReads    map[string]bool // documented fields that objects have when they are read alone; nil before the first such read
	inLists    map[string]bool // documented fields that objects have in lists
	probe      string          // id of an object that has fields when it is read alone; a list that shows it shows whether lists have them
}

// addRead adds the fields of an object that was read alone.
func (f *fieldCheck) addRead(object model.Object) {
	if f.inReads == nil {
		f.inReads = map[string]bool{}
		f.probe = object.ID()
	}
	f.add(f.inReads, object)
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
		f.inLists = map[string]bool{}
	}
	f.add(f.inLists, object)
}

func (f *fieldCheck) allInLists() bool {
	for name := range f.inReads {
		if !f.inLists[name] {
			return false
		}
	}
	return true
}

func (f *fieldCheck) add(names map[string]bool, object model.Object) {
	for _, field := range f.documented {
		_, has := object[field.Name]
		if field.Personal {
			value, err := object.Value(field)
			has = err != nil || value != nil
		}
		if has {
			names[field.Name] = true
		}
	}
}
