package client

import "github.com/pigello/terraform-provider-pigello/internal/client/model"

// fields tells whole objects in lists from those of a list that leaves out fields, which would look like drift. Servers may leave out
// a field where it is null.
type fields struct {
	documented []model.Field
	alone      map[string]bool // documented fields of the objects that were read alone; nil before the first
	listed     map[string]bool // documented fields of the objects that lists have shown
}

// readAlone takes note of an object that was read alone.
func (f *fields) readAlone(object model.Object) {
	if f.alone == nil {
		f.alone = map[string]bool{}
	}
	f.add(f.alone, object)
}

// known reports whether an object was read alone, so that lists can be judged.
func (f *fields) known() bool { return f.alone != nil }

// isWhole reports whether an object in a list has all its fields: those that objects have when they are read alone, except those that
// lists show of others.
func (f *fields) isWhole(object model.Object) bool {
	if f.listed == nil {
		f.listed = map[string]bool{}
	}
	f.add(f.listed, object)
	for name := range f.alone {
		if !f.listed[name] {
			return false
		}
	}
	return true
}

func (f *fields) add(names map[string]bool, object model.Object) {
	for _, field := range f.documented {
		if _, has := object[field.Name]; has {
			names[field.Name] = true
		}
	}
}
