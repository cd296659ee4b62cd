package client

import "github.com/pigello/terraform-provider-pigello/internal/client/model"

// fieldCheck finds out whether lists show all fields of an object. A field that a list leaves out would look like drift. But servers
// may also leave out a field that is null.
type fieldCheck struct {
	documented []model.Field
	inReads    map[string]bool // documented fields that objects have when they are read alone; nil before the first such read
	inLists    map[string]bool // documented fields that objects have in lists
}

// addRead adds the fields of an object that was read alone.
func (f *fieldCheck) addRead(object model.Object) {
	if f.inReads == nil {
		f.inReads = map[string]bool{}
	}
	f.add(f.inReads, object)
}

// known reports whether an object was read alone, so that isComplete can decide.
func (f *fieldCheck) known() bool { return f.inReads != nil }

// isComplete reports whether an object in a list has all its fields: each field that objects have when they are read alone is in this
// object, or was in another object of a list, so that it may be null here.
func (f *fieldCheck) isComplete(object model.Object) bool {
	if f.inLists == nil {
		f.inLists = map[string]bool{}
	}
	f.add(f.inLists, object)
	for name := range f.inReads {
		if !f.inLists[name] {
			return false
		}
	}
	return true
}

func (f *fieldCheck) add(names map[string]bool, object model.Object) {
	for _, field := range f.documented {
		if _, has := object[field.Name]; has {
			names[field.Name] = true
		}
	}
}
