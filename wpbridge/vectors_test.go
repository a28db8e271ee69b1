package wpbridge

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

// vectors is testdata/vectors.json, which the plugin is tested against as well.
type vectors struct {
	Now           int64
	Home          string
	SiteURL       string `json:"siteurl"`
	JWTAuthSecret string `json:"jwt_auth_secret"`

	Keys       []struct{ Secret, Kid string }
	KeysOption struct {
		Serialized        string
		Current, Previous string
		Until             int64
	} `json:"keys_option"`

	Tokens        []vectorToken
	JWTAuthTokens []vectorToken                          `json:"jwt_auth_tokens"`
	RefusedTokens []struct{ Name, Token, Reason string } `json:"refused_tokens"`

	Requests []struct {
		Name, Secret, Method, Path string
		Timestamp                  int64
		Body, Signature            string
	}

	Settings []struct {
		Key, Stored string
		Value       any
	}

	Gravatars []struct {
		Email         string
		AvatarDefault string `json:"avatar_default"`
		AvatarRating  string `json:"avatar_rating"`
		Size          int
		Hash, URL     string
	}

	DisplayNames []struct{ Typed, Stored, Plain string } `json:"display_names"`
}

type vectorToken struct {
	Name, Secret string
	Claims       struct {
		Iss      string
		Iat, Exp int64
	}
	Token   string
	UserID  uint64 `json:"user_id"`
	Sid     string
	Expires int64
}

func readVectors(t testing.TB) *vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	v := new(vectors)
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *vectors) time() time.Time { return time.Unix(v.Now, 0) }

// snapshot is the site that the vectors are about.
func (v *vectors) snapshot(t testing.TB) *Snapshot {
	t.Helper()
	raw := map[string]string{optionHome: v.Home, optionSiteURL: v.SiteURL, optionKeys: v.KeysOption.Serialized}
	return newSnapshot(raw, JetonomyTables{}, nil, "wp_user_roles", func(err error) { t.Error(err) })
}

// offline is a Verifier for what takes no database.
func (v *vectors) offline(t testing.TB, snapshot *Snapshot, jwtAuthSecret string) *Verifier {
	t.Helper()
	options := new(Options)
	options.current.Store(snapshot)
	return NewVerifier(&Site{options: options}, VerifierConfig{JWTAuthSecret: jwtAuthSecret, Now: v.time})
}

func mustKey(t testing.TB, secret string) Key {
	t.Helper()
	key, err := NewKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestVectorsOfKeys(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	for _, k := range v.Keys {
		if got := mustKey(t, k.Secret).ID(); got != k.Kid {
			t.Errorf("%s: kid %s, want %s", k.Secret, got, k.Kid)
		}
	}
	keys := v.snapshot(t).Keys
	if keys.Current.ID() != v.KeysOption.Current || keys.Previous.ID() != v.KeysOption.Previous || keys.PreviousUntil.Unix() != v.KeysOption.Until {
		t.Errorf("keys %+v", keys)
	}
	option, err := phpserial.Decode(v.KeysOption.Serialized)
	if err != nil || phpserial.Encode(option) != v.KeysOption.Serialized {
		t.Errorf("the option is written as %s, %v", phpserial.Encode(option), err)
	}
}

func TestVectorsOfTokens(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	verifier := v.offline(t, v.snapshot(t), v.JWTAuthSecret)
	for _, tt := range append(v.Tokens, v.JWTAuthTokens...) {
		got, err := verifier.prove(tt.Token)
		want := Identity{UserID: tt.UserID, Session: tt.Sid, ExpiresAt: time.Unix(tt.Expires, 0), Key: jwtAuthKey}
		if tt.Secret != "" {
			want.Key = mustKey(t, tt.Secret).ID()
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", tt.Name, err, diff)
		}
		if tt.Secret == "" {
			continue
		}
		minted, err := Mint(mustKey(t, tt.Secret), Claims{
			Issuer: tt.Claims.Iss, UserID: tt.UserID, Session: tt.Sid,
			IssuedAt: time.Unix(tt.Claims.Iat, 0), ExpiresAt: time.Unix(tt.Claims.Exp, 0),
		})
		if minted != tt.Token || err != nil {
			t.Errorf("%s: minted %s, %v", tt.Name, minted, err)
		}
	}
}

func TestVectorsOfRefusedTokens(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	verifier := v.offline(t, v.snapshot(t), v.JWTAuthSecret)
	for _, tt := range v.RefusedTokens {
		want := map[string]error{"invalid": ErrInvalidToken, "expired": ErrExpired}[tt.Reason]
		if got, err := verifier.prove(tt.Token); !errors.Is(err, want) || got != (Identity{}) {
			t.Errorf("%s: %+v, %v; want %v", tt.Name, got, err, want)
		}
	}
	withoutPlugin := v.offline(t, v.snapshot(t), "")
	for _, tt := range v.JWTAuthTokens {
		if _, err := withoutPlugin.prove(tt.Token); !errors.Is(err, ErrInvalidToken) {
			t.Errorf("%s, without its secret: %v", tt.Name, err)
		}
	}
	keyless := v.snapshot(t)
	keyless.Keys = Keyring{}
	withoutKeys := v.offline(t, keyless, "")
	for _, tt := range append(v.Tokens, v.JWTAuthTokens...) {
		if _, err := withoutKeys.prove(tt.Token); !errors.Is(err, ErrInvalidToken) {
			t.Errorf("%s, without any key: %v", tt.Name, err)
		}
	}
}

func TestVectorsOfRequests(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	for _, tt := range v.Requests {
		h := SignRequest(mustKey(t, tt.Secret), tt.Method, tt.Path, time.Unix(tt.Timestamp, 0), []byte(tt.Body))
		if got := h.Get("X-Jetonomy-Signature"); got != tt.Signature {
			t.Errorf("%s: signature %s, want %s", tt.Name, got, tt.Signature)
		}
	}
}

// TestVectorsOfGravatars lets the database make the hashes, as it does for members.
func TestVectorsOfGravatars(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	f := newFixture(t, withoutJetonomy{})
	for _, tt := range v.Gravatars {
		f.SetOption(t, "avatar_default", tt.AvatarDefault)
		f.SetOption(t, "avatar_rating", tt.AvatarRating)
		f.refresh(t)
		id := f.AddUser(t, "member"+tt.Hash[:8]+tt.AvatarDefault, testdb.Email(tt.Email))
		if got := f.member(t, id).AvatarURL(tt.Size); got != tt.URL {
			t.Errorf("%q: %s, want %s", tt.Email, got, tt.URL)
		}
	}
}

func TestTrustWithoutJetonomyVectors(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, v := range readVectors(t).Settings {
		if v.Key != "trust_without_jetonomy" { // the others are of package messaging
			continue
		}
		checked++
		s := Snapshot{Settings: map[string]string{v.Key: v.Stored}}
		if got := s.trustWithoutJetonomy(); float64(got) != v.Value {
			t.Errorf("%q is %d, want %v", v.Stored, got, v.Value)
		}
	}
	if checked == 0 {
		t.Error("the vectors have none")
	}
}
