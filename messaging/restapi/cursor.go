package restapi

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"

	"jetonomy-sidecar/messaging"
)

// messageCursorPrefix makes a message's id a cursor.
const messageCursorPrefix = "msg_"

func messageCursor(id uint64) string { return messageCursorPrefix + strconv.FormatUint(id, 10) }

var (
	errBadCursor  = errors.New("is not a cursor that this list gave out")
	cursorEncoder = base64.RawURLEncoding.Strict()
)

// encodeListCursor makes the opaque text of a place in the list of conversations. It holds nothing that
// its reader has not seen.
func encodeListCursor(c messaging.ListCursor) string {
	b := binary.AppendUvarint(nil, c.LastMessageID)
	return cursorEncoder.EncodeToString(binary.AppendUvarint(b, c.ConversationID))
}

// asListCursor accepts nothing but what encodeListCursor makes.
func asListCursor(raw any) (messaging.ListCursor, error) {
	text, _ := raw.(string)
	b, err := cursorEncoder.DecodeString(text)
	if err != nil {
		return messaging.ListCursor{}, errBadCursor
	}
	message, n := binary.Uvarint(b)
	conversation, m := binary.Uvarint(b[max(n, 0):])
	c := messaging.ListCursor{LastMessageID: message, ConversationID: conversation}
	if n <= 0 || m <= 0 || conversation == 0 || encodeListCursor(c) != text {
		return messaging.ListCursor{}, errBadCursor
	}
	return c, nil
}
