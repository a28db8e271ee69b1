package wpbridge

import "jetonomy-sidecar/wpbridge/phpserial"

// The capabilities that are asked for.
const (
	capManageOptions = "manage_options"
	capModerate      = "jetonomy_moderate"
	capManageUsers   = "jetonomy_manage_users"
)

// roles are the capabilities of each role of the site, true for granted and false for denied.
type roles map[string]map[string]bool

// parseRoles reads the option {prefix}user_roles.
func parseRoles(option phpserial.Value) roles {
	r := roles{}
	for _, role := range option.Entries() {
		capabilities := map[string]bool{}
		for _, c := range role.Value.Get("capabilities").Entries() {
			capabilities[c.Key.String()] = c.Value.Bool()
		}
		r[role.Key.String()] = capabilities
	}
	return r
}

// can says whether a user has a capability, as WP_User does. granted is the user's meta
// {prefix}capabilities: names of roles, and capabilities granted to or taken from this user alone. Of
// several roles the later one in the user's own order decides, and the user's own entry over all of them.
// A role counts by its name being there, whatever its value.
//
// A multisite's super admins are not known here.
func (r roles) can(granted phpserial.Value, capability string) bool {
	can := false
	for _, e := range granted.Entries() {
		if has, ok := r[e.Key.String()][capability]; ok {
			can = has
		}
	}
	if own := granted.Get(capability); !own.IsNull() {
		can = own.Bool()
	}
	return can
}
