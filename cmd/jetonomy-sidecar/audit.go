package main

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"jetonomy-sidecar/messaging/oversight"
)

// errAltered is the answer where the access log is not what was written: the lines above it say more.
var errAltered = errors.New("the access log is not as it was written")

// audit checks the access log.
func audit(ctx context.Context, p process, args []string) error {
	if len(args) == 0 || args[0] != "verify" {
		return fmt.Errorf("%w: audit verify [--expect ID:HASH]", errUsage)
	}
	var expect string
	wpConfig, err := flags(p, "audit verify", args[1:], func(set *flag.FlagSet) {
		set.StringVar(&expect, "expect", "", "a row as the service's log had it, as ID:HASH")
	})
	if err != nil {
		return err
	}
	id, hash, err := parseExpected(expect)
	if err != nil {
		return fmt.Errorf("%w: --expect: %v", errUsage, err)
	}
	c, err := configure(p, wpConfig)
	if err != nil {
		return err
	}
	parts, err := assemble(ctx, c)
	if err != nil {
		return err
	}
	defer parts.close()

	asExpected := expect == ""
	v, err := parts.store.Oversight().Verify(ctx, func(e oversight.Entry) {
		asExpected = asExpected || e.ID == id && e.Hash == hash
	})
	if err != nil {
		return err
	}
	const what = "Compare with a backup of the table jt_sidecar_access_log and with the service's log, where every row was noted as it was written (message \"access log\", id and hash), and find out who can write to the database."
	switch {
	case v.IsBroken:
		fmt.Fprintf(p.stdout, "Row %d was changed, or rows before it are missing; the %d rows before that are as they were written.\n%s\n", v.Broken, v.Rows-1, what)
	case v.Cut:
		fmt.Fprintf(p.stdout, "Rows are missing at the end, behind row %d.\n%s\n", v.Newest, what)
	case !asExpected:
		fmt.Fprintf(p.stdout, "There is no row %s: the log was replaced, or cut.\n%s\n", expect, what)
	default:
		newest := ""
		if v.Rows > 0 {
			newest = fmt.Sprintf("; newest %d:%x", v.Newest, v.Head)
		}
		_, err := fmt.Fprintf(p.stdout, "%d rows, unchanged%s\n", v.Rows, newest)
		return err
	}
	return errAltered
}

func parseExpected(text string) (id uint64, hash [32]byte, err error) {
	if text == "" {
		return 0, hash, nil
	}
	first, second, _ := strings.Cut(text, ":")
	id, err = strconv.ParseUint(first, 10, 64)
	if err == nil && len(second) == 2*len(hash) {
		_, err = hex.Decode(hash[:], []byte(second))
	} else {
		err = errors.Join(err, errors.New("not 64 hexadecimal characters behind a colon"))
	}
	if err != nil {
		return 0, hash, fmt.Errorf("%q is not ID:HASH", text)
	}
	return id, hash, nil
}
