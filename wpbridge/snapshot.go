package wpbridge

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/wpbridge/phpserial"
)

// Names of the options that are read. The option {prefix}user_roles comes on top.
const (
	optionHome          = "home"
	optionSiteURL       = "siteurl"
	optionGMTOffset     = "gmt_offset"
	optionTimezone      = "timezone_string"
	optionExtensions    = "jetonomy_pro_extensions"
	optionSettings      = "jetonomy_sidecar_settings"
	optionKeys          = "jetonomy_sidecar_keys"
	optionJetonomy      = "jetonomy_settings"
	optionAvatarDefault = "avatar_default"
	optionAvatarRating  = "avatar_rating"
)

const defaultBaseSlug = "community"

// Snapshot is the site's options at one time. It never changes; a reader keeps one for as long as it
// wants one consistent view. Maps and slices of it must not be written to.
type Snapshot struct {
	Home, SiteURL string // without a trailing slash

	// Timezone is a name of the zone database. Where it is empty the site has the fixed GMTOffset, in hours.
	Timezone  string
	GMTOffset float64

	Extensions []string          // ids of the enabled ones
	Settings   map[string]string // jetonomy_sidecar_settings; true is "1", false and null are ""
	BaseSlug   string            // first part of the community's paths
	Keys       Keyring

	AvatarDefault string
	AvatarRating  string

	Jetonomy JetonomyTables

	gravatar gravatar // of the two above
	roles    roles
	raw      map[string]string // what all of this was made of
}

// JetonomyTables says which of Jetonomy's tables exist. Without Jetonomy none does.
type JetonomyTables struct {
	Profiles     bool // jt_user_profiles
	Restrictions bool // jt_restrictions
	Blocks       bool // jt_blocked_users
	SpaceMembers bool // jt_space_members
}

// Missing are those that do not exist, or that the database user may not see, named without their prefix.
func (t JetonomyTables) Missing() []string {
	var names []string
	for _, table := range []struct {
		name  string
		there bool
	}{
		{"jt_user_profiles", t.Profiles},
		{"jt_restrictions", t.Restrictions},
		{"jt_blocked_users", t.Blocks},
		{"jt_space_members", t.SpaceMembers},
	} {
		if !table.there {
			names = append(names, table.name)
		}
	}
	return names
}

// String names the site alone: what a Snapshot is made of includes the keys.
func (s *Snapshot) String() string { return "options of " + s.Home }

// Location is the site's time zone; UTC where the site names one that this machine does not know.
func (s *Snapshot) Location() *time.Location {
	if s.Timezone != "" {
		if location, err := time.LoadLocation(s.Timezone); err == nil {
			return location
		}
	}
	return time.FixedZone("", int(s.GMTOffset*3600))
}

// trustWithoutJetonomy is everybody's trust level on a site that has none.
func (s *Snapshot) trustWithoutJetonomy() int {
	if level, err := strconv.Atoi(s.Settings["trust_without_jetonomy"]); err == nil && level == clampTrust(level) {
		return level
	}
	return 1 // also for what is out of range, as with all settings
}

// newSnapshot makes a Snapshot of raw option values. What did not change since before (nil for none) is
// taken over. warn hears of each new value that cannot be read and counts as absent, as in WordPress.
func newSnapshot(raw map[string]string, tables JetonomyTables, before *Snapshot, rolesOption string, warn func(error)) *Snapshot {
	if before != nil && before.Jetonomy == tables && maps.Equal(before.raw, raw) {
		return before
	}
	s := &Snapshot{
		Home:          strings.TrimRight(raw[optionHome], "/"),
		SiteURL:       strings.TrimRight(raw[optionSiteURL], "/"),
		Timezone:      raw[optionTimezone],
		GMTOffset:     parseOffset(raw[optionGMTOffset]),
		AvatarDefault: raw[optionAvatarDefault],
		AvatarRating:  raw[optionAvatarRating],
		Jetonomy:      tables,
		gravatar:      newGravatar(raw[optionAvatarDefault], raw[optionAvatarRating]),
		raw:           raw,
	}
	changed := func(name string) bool { return before == nil || before.raw[name] != raw[name] }
	decode := func(name string) phpserial.Value {
		if raw[name] == "" {
			return phpserial.Value{}
		}
		v, err := phpserial.Decode(raw[name])
		if err != nil {
			warn(fmt.Errorf("wpbridge: option %s: %w", name, err))
		}
		return v
	}

	if before != nil {
		s.Extensions, s.Settings, s.BaseSlug, s.Keys, s.roles = before.Extensions, before.Settings, before.BaseSlug, before.Keys, before.roles
	}
	if changed(optionExtensions) {
		s.Extensions = stringList(decode(optionExtensions))
	}
	if changed(optionSettings) {
		s.Settings = flatMap(decode(optionSettings))
	}
	if changed(optionJetonomy) {
		s.BaseSlug = decode(optionJetonomy).Get("base_slug").String()
		if s.BaseSlug == "" {
			s.BaseSlug = defaultBaseSlug
		}
	}
	if changed(optionKeys) {
		s.Keys = parseKeys(decode(optionKeys))
	}
	if changed(rolesOption) {
		s.roles = parseRoles(decode(rolesOption))
	}
	return s
}

func parseOffset(s string) float64 {
	hours, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || hours < -24 || hours > 24 {
		return 0
	}
	return hours
}

func stringList(v phpserial.Value) []string {
	var list []string
	for _, e := range v.Entries() {
		if e.Value.Kind() == phpserial.KindString {
			list = append(list, e.Value.String())
		}
	}
	return list
}

// flatMap gives the scalars of an array; what is nested has no place in it.
func flatMap(v phpserial.Value) map[string]string {
	m := map[string]string{}
	for _, e := range v.Entries() {
		if e.Value.IsScalar() || e.Value.IsNull() {
			m[e.Key.String()] = e.Value.String()
		}
	}
	return m
}
