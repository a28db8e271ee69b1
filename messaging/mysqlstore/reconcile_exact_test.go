package mysqlstore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// exact are queries of rows that do not repeat what they should, which for none of them is any.
var exact = map[string]string{
	"conversations' newest message": `SELECT COUNT(*) FROM {p}jt_pro_conversations c
		WHERE c.jts_last_message_id <> (SELECT COALESCE(MAX(id), 0) FROM {p}jt_pro_messages m WHERE m.conversation_id = c.id)`,
	"conversations' messages": `SELECT COUNT(*) FROM {p}jt_pro_conversations c
		WHERE c.message_count <> (SELECT COUNT(*) FROM {p}jt_pro_messages m WHERE m.conversation_id = c.id)`,
	"conversations' messages of members": `SELECT COUNT(*) FROM {p}jt_pro_conversations c
		WHERE c.jts_user_message_count <> (SELECT COUNT(*) FROM {p}jt_pro_messages m WHERE m.conversation_id = c.id AND m.is_system = 0)`,
	"participants' newest message": `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants p
		JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		WHERE p.jts_folder <> 0 AND p.jts_last_message_id <> c.jts_last_message_id`,
	"participants' newest from others": `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants p
		WHERE p.jts_folder <> 0 AND p.jts_last_incoming_id <> (SELECT COALESCE(MAX(id), 0) FROM {p}jt_pro_messages m
			WHERE m.conversation_id = p.conversation_id AND m.sender_id <> p.user_id AND m.is_system = 0)`,
	"participants' count at the read mark": `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants p
		WHERE p.jts_read_count <> (SELECT COUNT(*) FROM {p}jt_pro_messages m
			WHERE m.conversation_id = p.conversation_id AND m.is_system = 0 AND m.id <= p.jts_last_read_id)`,
	"own messages behind the read mark": `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants p
		JOIN {p}jt_pro_messages m ON m.conversation_id = p.conversation_id AND m.sender_id = p.user_id AND m.is_system = 0
		WHERE p.jts_folder <> 0 AND m.id > p.jts_last_read_id`,
	"rows left": `SELECT (SELECT COUNT(*) FROM {p}jt_pro_messages WHERE jts_accounted = 0)
		+ (SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE jts_accounted = 0)`,
}

// Whatever members and other code write in turn, also with ids that were left out before, all that rows repeat is true
// once it is worked in; and reading moves forward only.
func TestReconciledRowsAreExact(t *testing.T) {
	f := newFixture(t, 4)
	rapid.Check(t, func(rt *rapid.T) {
		for _, table := range []string{"jt_pro_conversations", "jt_pro_conversation_participants", "jt_pro_messages"} {
			f.Exec(t, `DELETE FROM {p}`+table)
		}
		ids := []uint64{
			f.group(f.users[0], f.users[1:3]...).ConversationID,
			f.direct(f.users[0], f.users[1], "x").ConversationID,
			f.seed(f.users[2], f.users[3], nil, "a", "b", "c"),
		}
		var free []uint64 // ids that no message has
		user := func() uint64 { return rapid.SampledFrom(f.users).Draw(rt, "user") }
		conversation := func() uint64 { return rapid.SampledFrom(ids).Draw(rt, "conversation") }
		ignore := func(_ messaging.Outcome, err error) {
			if _, refused := messaging.AsError(err); err != nil && !refused {
				rt.Fatal(err)
			}
		}
		marks := map[[2]uint64]uint64{}
		rt.Repeat(map[string]func(*rapid.T){
			"send": func(*rapid.T) {
				ignore(f.store.Send(t.Context(), messaging.SendCommand{Sender: user(), ConversationID: conversation(), Content: content("ours")}))
			},
			"read": func(*rapid.T) {
				ignore(f.store.Read(t.Context(), messaging.ReadCommand{UserID: user(), ConversationID: conversation()}))
			},
			"archive": func(*rapid.T) {
				ignore(f.store.SetArchived(t.Context(), messaging.StateCommand{UserID: user(), ConversationID: conversation(), Value: value(true)}))
			},
			"leave out an id": func(*rapid.T) {
				id, err := f.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, created_at) VALUES (0, 0, '', NOW())`).LastInsertId()
				if err != nil {
					rt.Fatal(err)
				}
				f.Exec(t, `DELETE FROM {p}jt_pro_messages WHERE id = ?`, id)
				free = append(free, uint64(id))
			},
			"message of other code": func(rt *rapid.T) {
				var id any
				if len(free) > 0 && rapid.Bool().Draw(rt, "late") {
					id, free = free[0], free[1:]
				}
				c := conversation()
				f.Exec(t, `INSERT INTO {p}jt_pro_messages (id, conversation_id, sender_id, content, content_plain, is_system, created_at)
					VALUES (?, ?, ?, 'foreign', 'foreign', ?, NOW())`, id, c, user(), rapid.Bool().Draw(rt, "system"))
				if rapid.Bool().Draw(rt, "counts itself") {
					f.Exec(t, `UPDATE {p}jt_pro_conversations SET message_count = message_count + 1 WHERE id = ?`, c)
				}
			},
			"participant of other code": func(*rapid.T) {
				f.Exec(t, `INSERT IGNORE INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at) VALUES (?, ?, NOW())`, ids[0], f.users[3])
			},
			"": func(rt *rapid.T) {
				if err := f.store.Backfill(t.Context(), func(string, ...any) {}); err != nil {
					rt.Fatal(err)
				}
				for what, query := range exact {
					if n := f.Count(t, query); n != 0 {
						rt.Errorf("%s: %d are wrong", what, n)
					}
				}
				for _, c := range ids {
					for _, u := range f.users {
						mark := uint64(f.Count(t, `SELECT COALESCE(MAX(jts_last_read_id), 0) FROM {p}jt_pro_conversation_participants WHERE conversation_id = ? AND user_id = ?`, c, u))
						if mark < marks[[2]uint64{c, u}] {
							rt.Errorf("the read mark of user %d in conversation %d went back", u, c)
						}
						marks[[2]uint64{c, u}] = mark
					}
				}
			},
		})
	})
}

// imported inserts n messages as other code does, in one statement.
func (f *fixture) imported(conversation, sender uint64, n int, accounted int) {
	f.t.Helper()
	row := fmt.Sprintf("(%d, %d, 'x', 'x', '2020-01-01 00:00:00', %d)", conversation, sender, accounted)
	f.Exec(f.t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at, jts_accounted) VALUES `+
		row+strings.Repeat(", "+row, n-1))
}

// Working in a message of other code does not read all of a long conversation once for each participant: senders wait
// for its lock.
func TestReconcileReadsWhatIsNew(t *testing.T) {
	f := newFixture(t, 20)
	const messages = 2000
	id := f.group(f.users[0], f.users[1:]...).ConversationID
	f.imported(id, f.users[0], messages, 0)
	f.reconcile()
	for _, query := range exact {
		if n := f.Count(t, query); n != 0 {
			t.Fatalf("%d: %s", n, query)
		}
	}
	f.imported(id, f.users[0], 1, 0)

	pool, err := mysqldb.Open(t.Context(), f.DSN, mysqldb.Options{MaxOpen: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	store := f.storeOn(t, pool)
	rows := func() (n int) {
		t.Helper()
		counts, err := mysqldb.Query(t.Context(), pool, func(row mysqldb.Scanner) (n int, err error) {
			var name string
			err = row.Scan(&name, &n)
			return n, err
		}, `SHOW SESSION STATUS LIKE 'Handler_read%'`)
		if err != nil || len(counts) == 0 {
			t.Fatal(counts, err)
		}
		for _, c := range counts {
			n += c
		}
		return n
	}
	before := rows()
	if n, _, err := store.Reconcile(t.Context(), 0); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	// The number of messages is counted, in the index alone.
	if n := rows() - before; n > messages+1000 {
		t.Errorf("%d rows were read for one new message among %d", n, messages)
	}
	if c := f.view(f.users[19], id); !c.Unread || c.UnreadCount != messages+2 || c.MessageCount != messages+2 {
		t.Errorf("unread %v, %d of %d messages", c.Unread, c.UnreadCount, c.MessageCount)
	}
}

// More than is worked in under one lock comes out the same.
func TestReconcileImport(t *testing.T) {
	f := newFixture(t, 3)
	const messages = 5600
	ours := f.direct(f.users[0], f.users[1], "hello").ConversationID
	whole := f.seed(f.users[0], f.users[2], "2020-06-01 00:00:00", "first")
	f.Exec(t, `UPDATE {p}jt_pro_messages SET created_at = '2020-01-01 00:00:00' WHERE conversation_id = ?`, whole)
	for _, c := range []uint64{ours, whole} {
		f.imported(c, f.users[0], messages, 0)
	}
	f.reconcile()
	for what, query := range exact {
		if n := f.Count(t, query); n != 0 {
			t.Errorf("%s: %d are wrong", what, n)
		}
	}
	if c := f.view(f.users[1], ours); c.UnreadCount != messages+1 {
		t.Errorf("%d unread, want %d", c.UnreadCount, messages+1)
	}
	// This one's time of reading came with the import, and holds for all of it.
	if c := f.view(f.users[2], whole); c.Unread || c.MessageCount != messages+1 {
		t.Errorf("unread %v, %d messages", c.Unread, c.MessageCount)
	}
}

// Rows without a conversation are set aside, and looked at again now and then.
func TestOrphansAreNotWalkedEachTime(t *testing.T) {
	f := newFixture(t, 2)
	const orphans = 1000
	rows := make([]string, orphans)
	for i := range rows {
		rows[i] = fmt.Sprintf("(%d, %d, NOW())", 1_000_000+i, f.users[0])
	}
	f.Exec(t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at) VALUES `+strings.Join(rows, ", "))
	f.imported(1_000_000, f.users[1], 2, 0)

	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)
	round := func(ctx context.Context) int {
		t.Helper()
		trace.Take()
		if err := store.Backfill(ctx, t.Logf); err != nil {
			t.Fatal(err)
		}
		return len(trace.Take())
	}
	round(t.Context())
	if n := round(t.Context()); n > 2 {
		t.Errorf("%d statements with nothing to do, want one for each table", n)
	}
	f.clock.advance(10 * time.Minute)
	if n := round(t.Context()); n > 4 {
		t.Errorf("%d statements when they are looked at again, want two for each table", n)
	}
	f.Exec(t, `INSERT INTO {p}jt_pro_conversations (id, type, created_by, created_at) VALUES (1000000, 'group', ?, NOW())`, f.users[1])
	f.clock.advance(10 * time.Minute)
	round(t.Context())
	if c := f.view(f.users[0], 1_000_000); !c.Unread || c.UnreadCount != 2 || c.MessageCount != 2 {
		t.Errorf("after their conversation came: unread %v, %d of %d", c.Unread, c.UnreadCount, c.MessageCount)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE jts_accounted = 2`); n != orphans-1 {
		t.Errorf("%d rows are set aside, want %d", n, orphans-1)
	}
}
