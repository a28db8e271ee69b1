package wpbridge

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestProfileInAnotherQuery(t *testing.T) {
	t.Parallel()
	for name, without := range map[string][]withoutJetonomy{"Jetonomy": nil, "plain": {{}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, without...)
			member1 := f.AddUser(t, "member1", testdb.Email("Member1@site.test"))
			member2 := f.AddUser(t, "member2", testdb.Email(""))
			f.Exec(t, "CREATE TABLE {p}notes (id int PRIMARY KEY, author bigint unsigned)")
			f.Exec(t, "INSERT INTO {p}notes VALUES (1, ?), (2, ?), (3, ?)", member1, member2+1, member2)

			columns, joins := f.site.ProfileSQL("n.author", "author")
			var p Profile // one for all rows: each must replace the one before
			type row struct {
				id            int
				exists        bool
				login, avatar string
			}
			got, err := mysqldb.Query(t.Context(), f.DB.DB, func(s mysqldb.Scanner) (row, error) {
				var r row
				err := s.Scan(append([]any{&r.id}, p.Dest(f.site)...)...)
				r.exists, r.login, r.avatar = p.Exists(), p.Login, p.AvatarURL(40)
				return r, err
			}, f.Prefix.Expand("SELECT n.id, "+columns+" FROM {p}notes n "+joins+" ORDER BY n.id"))
			if err != nil {
				t.Fatal(err)
			}
			const gravatars = "https://secure.gravatar.com/avatar/"
			want := []row{
				{1, true, "member1", gravatars + sha256Hex("member1@site.test") + "?s=40&d=mm&r=g"},
				{2, false, "", gravatars + "?s=40&d=mm&r=g"},
				{3, true, "member2", gravatars + "?s=40&d=mm&r=g"},
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoAddressIsRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	columns, joins := f.site.ProfileSQL("n.author", "author")
	text := columns + joins
	if strings.Count(text, "user_email") != strings.Count(text, "TRIM(author.user_email)")+strings.Count(text, "author.user_email = ''") {
		t.Errorf("an address is selected: %s", text)
	}
}

func TestAvatarURL(t *testing.T) {
	t.Parallel()
	const hash = "1234"
	for _, tt := range []struct{ avatar, fallback, rating, want string }{
		{"", "mystery", "G", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"", "mm", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"", "", "", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"", "gravatar_default", "PG", "https://secure.gravatar.com/avatar/1234?s=96&r=pg"},
		{"", "retro", "X", "https://secure.gravatar.com/avatar/1234?s=96&d=retro&r=x"},
		{"", "https://site.test/my face.png", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=https%3A%2F%2Fsite.test%2Fmy%20face.png&r=g"},
		{"https://site.test/a.png", "mm", "g", "https://site.test/a.png"},
		{"http://site.test/a.png?x=1", "mm", "g", "http://site.test/a.png?x=1"},
		{"javascript:alert(1)", "mm", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"data:image/png;base64,AA", "mm", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"//site.test/a.png", "mm", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"/a.png", "mm", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"https:a.png", "mm", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
		{"https://site.test/a\nb.png", "mm", "g", "https://secure.gravatar.com/avatar/1234?s=96&d=mm&r=g"},
	} {
		p := Profile{ID: 1, avatar: tt.avatar, emailHash: hash, gravatar: newGravatar(tt.fallback, tt.rating)}
		if got := p.AvatarURL(96); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}
