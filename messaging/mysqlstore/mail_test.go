package mysqlstore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
)

// mails delivers everything, with the mail that is due, and gives the mails.
func (f *fixture) mails() []map[string]any {
	f.t.Helper()
	if _, err := f.store.QueueMail(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	var mails []map[string]any
	for _, e := range f.deliver() {
		if e["type"] == "mail.due" {
			mails = append(mails, e)
		}
	}
	return mails
}

// named is what a mail says of its conversations.
func named(mail map[string]any) []string {
	list := []string{}
	for _, c := range mail["conversations"].([]any) {
		m := c.(map[string]any)
		list = append(list, fmt.Sprint(m["conversation_id"], m["unread_count"], m["preview"], m["sender_id"]))
	}
	return list
}

func TestMail(t *testing.T) {
	f := newFixture(t, 4)
	f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
	me := f.users[1]
	a := f.direct(f.users[0], me, "one").ConversationID
	f.deliver()
	f.clock.advance(4 * time.Minute)
	f.send(f.users[0], a, "two")
	b := f.group(f.users[2], me, f.users[3]).ConversationID
	if mails := f.mails(); len(mails) != 0 {
		t.Fatalf("after 4 minutes: %v", mails)
	}
	f.clock.advance(time.Minute)
	mails := f.mails()
	if len(mails) != 1 || mails[0]["user_id"] != float64(me) {
		t.Fatalf("after 5 minutes: %v, want one mail for all", mails)
	}
	var got []string
	for _, c := range mails[0]["conversations"].([]any) {
		m := c.(map[string]any)
		got = append(got, fmt.Sprint(m["conversation_id"], m["unread_count"], m["preview"], m["sender_id"], m["title"]))
	}
	want := []string{
		fmt.Sprint(b, 1, "first", f.users[2], "Group"),
		fmt.Sprint(a, 2, "two", f.users[0], f.view(me, a).DisplayTitle()),
	}
	if !slices.Equal(got, want) {
		t.Errorf("the mail names %q, want %q", got, want)
	}
	// Not twice for the same, and not at all for what was read or muted.
	f.clock.advance(time.Hour)
	for _, e := range f.mails() {
		if e["user_id"] == float64(me) {
			t.Errorf("a second mail for the same: %v", e)
		}
	}
	f.send(f.users[0], a, "three")
	f.deliver()
	f.read(me, a, 0)
	f.clock.advance(10 * time.Minute)
	if mails := f.mails(); len(mails) != 0 {
		t.Errorf("for what was read: %v", mails)
	}
	f.send(f.users[0], a, "four")
	f.deliver()
	if _, err := f.store.SetMuted(t.Context(), messaging.StateCommand{UserID: me, ConversationID: a}); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(10 * time.Minute)
	if mails := f.mails(); len(mails) != 0 {
		t.Errorf("for what is muted: %v", mails)
	}
	// Read between the queue and the delivery.
	if _, err := f.store.SetMuted(t.Context(), messaging.StateCommand{UserID: me, ConversationID: a}); err != nil {
		t.Fatal(err)
	}
	f.send(f.users[0], a, "five")
	f.deliver()
	f.clock.advance(10 * time.Minute)
	if n, err := f.store.QueueMail(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d queued, %v", n, err)
	}
	f.read(me, a, 0)
	if mails := f.mails(); len(mails) != 0 {
		t.Errorf("read on its way: %v", mails)
	}
}

// What started the clock and was read meanwhile makes no mail for what came later, which waits for the whole delay.
func TestMailWaitsForWhatIsUnread(t *testing.T) {
	const delay = 5 * time.Minute
	setUp := func(t *testing.T) (f *fixture, me, read uint64) {
		f = newFixture(t, 4)
		f.store.SetMailDelay(func() time.Duration { return delay })
		me = f.users[1]
		read = f.direct(f.users[0], me, "read").ConversationID
		f.deliver()
		f.read(me, read, 0)
		f.clock.advance(delay - time.Second)
		return f, me, read
	}
	// want checks that mail for some comes at a time, and at no other.
	want := func(f *fixture, after time.Duration, conversations ...string) {
		t := f.t
		t.Helper()
		for waited := time.Second; waited < after; waited += time.Second {
			f.clock.advance(time.Second)
			if mails := f.mails(); len(mails) != 0 {
				t.Fatalf("after %s: %v", waited, mails)
			}
		}
		f.clock.advance(time.Second)
		mails := f.mails()
		if len(mails) != 1 {
			t.Fatalf("after %s: %d mails, want one", after, len(mails))
		}
		if got := named(mails[0]); !slices.Equal(got, conversations) {
			t.Errorf("the mail names %q, want %q", got, conversations)
		}
		f.clock.advance(time.Hour)
		if mails := f.mails(); len(mails) != 0 {
			t.Errorf("again for the same: %v", mails)
		}
	}

	t.Run("in the same conversation", func(t *testing.T) {
		f, _, id := setUp(t)
		f.send(f.users[0], id, "new")
		f.deliver()
		want(f, delay, fmt.Sprint(id, 1, "new", f.users[0]))
	})
	t.Run("the oldest of several conversations", func(t *testing.T) {
		f, me, a := setUp(t)
		f.send(f.users[0], a, "one")
		b := f.direct(f.users[2], me, "two").ConversationID
		f.deliver()
		f.clock.advance(2 * time.Minute)
		f.mails()
		c := f.direct(f.users[3], me, "three").ConversationID
		f.send(f.users[0], a, "four")
		f.deliver()
		want(f, delay-2*time.Minute, fmt.Sprint(a, 2, "four", f.users[0]), fmt.Sprint(c, 1, "three", f.users[3]), fmt.Sprint(b, 1, "two", f.users[2]))
	})
	t.Run("told already", func(t *testing.T) {
		f, me, _ := setUp(t)
		b := f.direct(f.users[2], me, "told").ConversationID
		f.deliver()
		want(f, delay, fmt.Sprint(b, 1, "told", f.users[2]))
		a := f.direct(f.users[0], me, "read").ConversationID
		f.deliver()
		f.read(me, a, 0)
		f.clock.advance(delay - time.Second)
		f.send(f.users[2], b, "new")
		f.deliver()
		want(f, delay, fmt.Sprint(b, 2, "new", f.users[2]))
	})
	t.Run("from somebody who is blocked", func(t *testing.T) {
		f, me, _ := setUp(t)
		group := f.group(f.users[2], me, f.users[3]).ConversationID
		f.read(f.users[3], group, 0)
		f.deliver()
		f.Exec(t, `INSERT INTO {p}jt_sidecar_blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, NOW())`, me, f.users[2])
		f.clock.advance(2 * time.Minute)
		f.send(f.users[3], group, "new")
		f.read(f.users[2], group, 0)
		f.deliver()
		want(f, delay, fmt.Sprint(group, 2, "new", f.users[3]))
	})
	t.Run("from the future", func(t *testing.T) { // other code's clock
		f, _, id := setUp(t)
		f.send(f.users[0], id, "new")
		f.Exec(t, `UPDATE {p}jt_pro_messages SET created_at = '2036-01-01 00:00:00' WHERE content_plain = 'new'`)
		f.deliver()
		f.clock.advance(time.Second)
		f.mails()
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_mail WHERE due_at > ?`, f.clock.now().Add(delay)); n != 0 {
			t.Error("the mail waits for longer than the delay")
		}
	})
}

// While the extension is off no mail is queued and none delivered, nothing complains of it, and none is lost.
func TestMailIsHeld(t *testing.T) {
	for _, test := range []struct {
		name     string
		onTheWay func(f *fixture) // with the mail, before it is held
	}{
		{"before it is due", func(f *fixture) {}},
		{"queued", func(f *fixture) {
			f.clock.advance(5 * time.Minute)
			if n, err := f.store.QueueMail(f.t.Context()); n != 1 || err != nil {
				f.t.Fatalf("%d queued, %v", n, err)
			}
		}},
		{"refused", func(f *fixture) {
			f.clock.advance(5 * time.Minute)
			if n, err := f.store.QueueMail(f.t.Context()); n != 1 || err != nil {
				f.t.Fatalf("%d queued, %v", n, err)
			}
			if err := f.store.Failed(f.t.Context(), uint64(f.due()[0]["id"].(float64)), "the extension is off"); err != nil {
				f.t.Fatal(err)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, 4)
			f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
			held := false
			f.store.HoldMail(func() bool { return held })
			me := f.users[1]
			a := f.direct(f.users[0], me, "before").ConversationID
			f.deliver()
			test.onTheWay(f)

			held = true
			b := f.direct(f.users[2], me, "meanwhile").ConversationID
			if got, want := kinds(f.deliver()), []string{"conversation.created", "message.sent"}; !slices.Equal(got, want) {
				t.Errorf("events %v, want %v", got, want)
			}
			for range 3 {
				f.clock.advance(mysqlstore.EventLifetime)
				if mails := f.mails(); len(mails) != 0 {
					t.Fatalf("mail that is held: %v", mails)
				}
				if _, err := f.store.DropEvents(t.Context(), 100); err != nil {
					t.Fatal(err)
				}
				if status, err := f.store.OutboxStatus(t.Context()); err != nil || status.Pending+status.Failing != 0 || status.OldestSeconds != 0 {
					t.Errorf("status %+v, %v", status, err)
				}
			}

			held = false
			mails := f.mails()
			if len(mails) != 1 || mails[0]["user_id"] != float64(me) {
				t.Fatalf("%v, want one mail", mails)
			}
			want := []string{fmt.Sprint(b, 1, "meanwhile", f.users[2]), fmt.Sprint(a, 1, "before", f.users[0])}
			if got := named(mails[0]); !slices.Equal(got, want) {
				t.Errorf("the mail names %q, want %q", got, want)
			}
			f.clock.advance(time.Hour)
			if mails := f.mails(); len(mails) != 0 {
				t.Errorf("again for the same: %v", mails)
			}
		})
	}
}

// Of who was erased or deleted since they wrote no mail tells, also not of one that was on its way.
func TestMailWithoutTheErased(t *testing.T) {
	for name, gone := range map[string]func(f *fixture, user uint64){
		"erased": func(f *fixture, user uint64) { f.erase(user) },
		"deleted": func(f *fixture, user uint64) {
			f.Exec(f.t, `DELETE FROM {p}users WHERE ID = ?`, user)
			f.erase(user)
		},
		"deleted, with the erasure still to come": func(f *fixture, user uint64) { f.Exec(f.t, `DELETE FROM {p}users WHERE ID = ?`, user) },
	} {
		for _, queued := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, queued %t", name, queued), func(t *testing.T) {
				f := newFixture(t, 5)
				f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
				author, alone, me, friend := f.users[0], f.users[1], f.users[2], f.users[3]
				f.direct(author, alone, "canary")
				f.direct(author, me, "canary")
				only := f.group(author, alone, me).ConversationID
				mixed := f.group(friend, me, author).ConversationID
				f.read(author, mixed, 0)
				f.send(author, mixed, "canary")
				kept := f.direct(friend, me, "hello").ConversationID
				f.deliver()
				f.clock.advance(5 * time.Minute)
				if queued {
					if n, err := f.store.QueueMail(t.Context()); n != 3 || err != nil {
						t.Fatalf("%d queued, %v", n, err)
					}
				}
				gone(f, author)
				f.clock.advance(5 * time.Second) // for which accounts are remembered

				mails := f.mails()
				if len(mails) != 1 || mails[0]["user_id"] != float64(me) {
					t.Fatalf("mails %v, want one: %d has nothing but what is erased, in %d too", mails, alone, only)
				}
				want := []string{fmt.Sprint(kept, 1, "hello", friend), fmt.Sprint(mixed, 2, "first", friend)}
				if got := named(mails[0]); !slices.Equal(got, want) {
					t.Errorf("the mail names %q, want %q", got, want)
				}
				if got := fmt.Sprint(mails[0]["totals"]); got != "map[conversations:2 messages:3]" {
					t.Errorf("totals %s", got)
				}
				f.clock.advance(time.Hour)
				if mails := f.mails(); len(mails) != 0 {
					t.Errorf("later: %v", mails)
				}
			})
		}
	}
}

// However long WordPress takes none, a member gets one mail for all that came meanwhile, and none for the same again.
func TestOneMailAfterAnOutage(t *testing.T) {
	for name, reach := range map[string]int{"the whole outbox is tried": 100, "the mail is too far behind": 1} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, 3)
			f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
			from, me := f.users[0], f.users[1]
			a := f.direct(from, me, "0").ConversationID
			f.direct(from, f.users[2], "to somebody else")
			f.deliver()
			f.read(f.users[2], f.direct(from, f.users[2], "read").ConversationID, 0)
			f.send(from, a, "1")
			queued := 0
			for i := range 20 {
				if _, err := f.store.Due(t.Context(), reach); err != nil { // a delivery without an answer
					t.Fatal(err)
				}
				f.clock.advance(6 * time.Minute)
				n, err := f.store.QueueMail(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				queued += n
				f.send(from, a, fmt.Sprint(i+2))
			}
			if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type = 'mail.due'`); n != 1 || queued != 1 {
				t.Errorf("%d mails were queued, %d wait, want one", queued, n)
			}
			mails := f.mails()
			if len(mails) != 1 || mails[0]["user_id"] != float64(me) {
				t.Fatalf("%d mails: %v", len(mails), mails)
			}
			if got, want := named(mails[0]), []string{fmt.Sprint(a, 22, "21", from)}; !slices.Equal(got, want) {
				t.Errorf("the mail names %q, want %q", got, want)
			}
			for range 5 {
				f.clock.advance(6 * time.Minute)
				if mails := f.mails(); len(mails) != 0 {
					t.Errorf("again for the same: %v", mails)
				}
			}
			f.send(from, a, "news")
			f.deliver()
			f.clock.advance(6 * time.Minute)
			if mails := f.mails(); len(mails) != 1 {
				t.Errorf("%d mails for news", len(mails))
			}
		})
	}
}

// What comes while a mail is on its way without it is not forgotten.
func TestMailForWhatCameMeanwhile(t *testing.T) {
	f := newFixture(t, 3)
	f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
	me := f.users[1]
	f.direct(f.users[0], me, "first")
	f.deliver()
	f.clock.advance(5 * time.Minute)
	if n, err := f.store.QueueMail(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d queued, %v", n, err)
	}
	onItsWay := uint64(f.due()[0]["id"].(float64))
	b := f.direct(f.users[2], me, "second").ConversationID
	if err := f.store.Delivered(t.Context(), []uint64{onItsWay}); err != nil {
		t.Fatal(err)
	}
	f.deliver()
	f.clock.advance(5 * time.Minute)
	mails := f.mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails, want one", len(mails))
	}
	if got, want := named(mails[0]), []string{fmt.Sprint(b, 1, "second", f.users[2])}; !slices.Equal(got, want) {
		t.Errorf("the mail names %q, want %q", got, want)
	}

	// Neither is it where the next mail is due while the one before has no answer yet.
	f.send(f.users[2], b, "third")
	f.deliver()
	f.clock.advance(5 * time.Minute)
	if n, err := f.store.QueueMail(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d queued, %v", n, err)
	}
	onItsWay = uint64(f.due()[0]["id"].(float64))
	f.send(f.users[2], b, "fourth")
	f.clock.advance(5 * time.Minute)
	f.Exec(t, `UPDATE {p}jt_sidecar_mail SET due_at = ? WHERE user_id = ?`, f.clock.now(), me)
	if n, err := f.store.QueueMail(t.Context()); n != 0 || err != nil {
		t.Fatalf("%d queued beside the one on its way, %v", n, err)
	}
	if err := f.store.Delivered(t.Context(), []uint64{onItsWay}); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(5 * time.Minute)
	if mails = f.mails(); len(mails) != 1 {
		t.Fatalf("%d mails, want one", len(mails))
	}
	if got, want := named(mails[0]), []string{fmt.Sprint(b, 3, "fourth", f.users[2])}; !slices.Equal(got, want) {
		t.Errorf("the mail names %q, want %q", got, want)
	}
}

// A mail that was given up is tried again when there is more to tell, and tells it all.
func TestParkedMailIsTriedAgain(t *testing.T) {
	f := newFixture(t, 2)
	f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
	a := f.direct(f.users[0], f.users[1], "one").ConversationID
	f.deliver()
	f.clock.advance(5 * time.Minute)
	if n, err := f.store.QueueMail(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d queued, %v", n, err)
	}
	id := uint64(f.due()[0]["id"].(float64))
	for range 11 {
		if err := f.store.Failed(t.Context(), id, "the mail was not accepted for sending"); err != nil {
			t.Fatal(err)
		}
	}
	f.clock.advance(5 * time.Minute)
	if mails := f.mails(); len(mails) != 0 {
		t.Errorf("without news: %v", mails)
	}
	f.send(f.users[0], a, "two")
	f.deliver()
	f.clock.advance(5 * time.Minute)
	mails := f.mails()
	if len(mails) != 1 || mails[0]["id"] != float64(id) {
		t.Fatalf("%v, want the one that was parked", mails)
	}
	if got, want := named(mails[0]), []string{fmt.Sprint(a, 2, "two", f.users[0])}; !slices.Equal(got, want) {
		t.Errorf("the mail names %q, want %q", got, want)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_failures`); n != 0 {
		t.Errorf("%d failures are left", n)
	}
}

// Who was blocked or banned since they wrote is neither named nor quoted.
func TestMailWithoutTheBlockedAndBanned(t *testing.T) {
	f := newFixture(t, 7)
	f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
	me, friend, blocked, banned, blocker, blockedByAll, other := f.users[0], f.users[1], f.users[2], f.users[3], f.users[4], f.users[5], f.users[6]

	direct := f.direct(blocked, me, "insult").ConversationID
	f.direct(banned, me, "spam")
	f.direct(blockedByAll, me, "canary")
	f.direct(blocker, me, "regret")
	kept := f.direct(friend, me, "hello").ConversationID
	// In a group the newest message of somebody else is shown instead, if there is one.
	mixed := f.group(friend, me, blocked, banned).ConversationID
	f.send(friend, mixed, "see you")
	f.send(blocked, mixed, "insult")
	f.send(banned, mixed, "spam")
	f.send(blocked, mixed, "insult")
	spoiled := f.group(banned, me, blocked, other).ConversationID
	f.send(blocked, spoiled, "insult")
	f.deliver()

	for user, conversation := range map[uint64]uint64{me: direct} {
		if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: user, ConversationID: conversation}); err != nil {
			t.Fatal(err)
		}
	}
	f.Exec(t, `INSERT INTO {p}jt_sidecar_blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, NOW())`, blocker, me)
	f.Exec(t, `INSERT INTO {p}jt_blocked_users (blocker_id, blocked_id, created_at) VALUES (?, ?, NOW())`, me, blockedByAll)
	f.Exec(t, `INSERT INTO {p}jt_restrictions (user_id, type) VALUES (?, 'global_ban')`, banned)
	f.clock.advance(6 * time.Minute)

	var mine []map[string]any
	for _, mail := range f.mails() {
		if mail["user_id"] == float64(me) {
			mine = append(mine, mail)
		}
	}
	if len(mine) != 1 {
		t.Fatalf("%d mails", len(mine))
	}
	want := []string{fmt.Sprint(mixed, 5, "see you", friend), fmt.Sprint(kept, 1, "hello", friend)}
	if got := named(mine[0]); !slices.Equal(got, want) {
		t.Errorf("the mail names %q, want %q", got, want)
	}
	if got := fmt.Sprint(mine[0]["totals"]); got != "map[conversations:2 messages:6]" {
		t.Errorf("totals %s", got)
	}

	// With nobody left to name there is no mail, also when somebody who may be named has written, and was told of.
	f.send(banned, mixed, "spam")
	f.send(friend, kept, "news")
	f.deliver()
	f.read(me, kept, 0)
	f.clock.advance(6 * time.Minute)
	for _, mail := range f.mails() {
		if mail["user_id"] == float64(me) {
			t.Errorf("a mail for spam: %v", mail)
		}
	}
}

// A mail names some conversations, and has the numbers of all.
func TestMailHasTotals(t *testing.T) {
	f := newFixture(t, 3)
	f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
	me := f.users[1]
	var last uint64
	for range 25 {
		last = f.group(f.users[0], me, f.users[2]).ConversationID
		f.send(f.users[0], last, "second")
	}
	if _, err := f.store.SetMuted(t.Context(), messaging.StateCommand{UserID: me, ConversationID: last}); err != nil {
		t.Fatal(err)
	}
	f.deliver()
	f.clock.advance(6 * time.Minute)
	for _, mail := range f.mails() {
		want := "map[conversations:25 messages:50]"
		if mail["user_id"] == float64(me) {
			want = "map[conversations:24 messages:48]"
		}
		if got := fmt.Sprint(mail["totals"]); got != want || len(named(mail)) != 10 {
			t.Errorf("%d conversations named, totals %s, want %s", len(named(mail)), got, want)
		}
	}
}
