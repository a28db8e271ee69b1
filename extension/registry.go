package extension

import (
	"fmt"
	"slices"
)

// PrivateMessaging is the id of this service's extension in Jetonomy.
const PrivateMessaging = "private-messaging"

// Extension is a part of the service that a site can switch on and off.
type Extension struct {
	ID    string // as the option has it
	Title string // as Jetonomy's page of extensions shows it, not translated
}

// Registry is the extensions that this service knows, in the order in which they are listed.
type Registry struct {
	list []Extension
}

// NewRegistry makes a Registry. It panics where an id is empty or used twice.
func NewRegistry(list ...Extension) *Registry {
	r := new(Registry)
	for _, e := range list {
		if _, known := r.Find(e.ID); known || e.ID == "" {
			panic(fmt.Sprintf("extension: id %q is empty or used twice", e.ID))
		}
		r.list = append(r.list, e)
	}
	return r
}

// All gives the known extensions.
func (r *Registry) All() []Extension { return slices.Clone(r.list) }

// Find gives the extension of an id.
func (r *Registry) Find(id string) (Extension, bool) {
	i := slices.IndexFunc(r.list, func(e Extension) bool { return e.ID == id })
	if i < 0 {
		return Extension{}, false
	}
	return r.list[i], true
}
