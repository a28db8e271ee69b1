package wpbridge

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Headers of a signed call.
const (
	headerKey       = "X-Jetonomy-Key"
	headerTimestamp = "X-Jetonomy-Timestamp"
	headerSignature = "X-Jetonomy-Signature"
)

const maxSkew = 300 // seconds

// ErrBadSignature refuses a call that is not signed as it must be. It comes wrapped with a reason for the
// log.
var ErrBadSignature = errors.New("wpbridge: bad signature")

// SignRequest gives the headers of a call between this service and the plugin. path is the REST path
// behind /wp-json; key must not be zero.
func SignRequest(key Key, method, path string, now time.Time, body []byte) http.Header {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	h := http.Header{}
	h.Set(headerKey, key.id)
	h.Set(headerTimestamp, timestamp)
	h.Set(headerSignature, hex.EncodeToString(requestMAC(key, method, path, timestamp, body)))
	return h
}

// VerifyRequest refuses, with ErrBadSignature, a call that was not signed by one of keys within the last
// 5 minutes. A call can be repeated for that long: it must do no harm then.
func VerifyRequest(keys Keyring, method, path string, header http.Header, body []byte, now time.Time) error {
	key, ok := keys.Find(header.Get(headerKey), now)
	if !ok {
		return fmt.Errorf("%w: unknown key %.32q", ErrBadSignature, header.Get(headerKey))
	}
	timestamp := header.Get(headerTimestamp)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: timestamp %.32q", ErrBadSignature, timestamp)
	}
	if seconds < now.Unix()-maxSkew || seconds > now.Unix()+maxSkew {
		return fmt.Errorf("%w: the clocks are %d seconds apart", ErrBadSignature, now.Unix()-seconds)
	}
	signature, err := hex.DecodeString(header.Get(headerSignature))
	if err != nil || !hmac.Equal(signature, requestMAC(key, method, path, timestamp, body)) {
		return fmt.Errorf("%w: of another key, method, path or body", ErrBadSignature)
	}
	return nil
}

func requestMAC(key Key, method, path, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, key.secret)
	io.WriteString(mac, "v1\n"+method+"\n"+path+"\n"+timestamp+"\n")
	mac.Write(body)
	return mac.Sum(nil)
}
