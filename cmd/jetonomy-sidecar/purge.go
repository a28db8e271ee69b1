package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/messaging/oversight"
)

// purge deletes conversations without activity, after showing which.
func purge(ctx context.Context, p process, args []string) error {
	var inactive string
	var dryRun, yes bool
	wpConfig, err := flags(p, "purge", args, func(set *flag.FlagSet) {
		set.StringVar(&inactive, "inactive-for", "", "how long nobody has written: 90d, 24mo or 2y")
		set.BoolVar(&dryRun, "dry-run", false, "only list what would be deleted")
		set.BoolVar(&yes, "yes", false, "do not ask")
	})
	if err != nil {
		return err
	}
	before, err := ago(inactive, time.Now())
	if err != nil {
		return fmt.Errorf("%w: --inactive-for: %v", errUsage, err)
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

	conversations, messages := 0, 0
	out := bufio.NewWriter(p.stdout)
	err = parts.oversight.EachInactive(ctx, before, func(r oversight.Row) error {
		conversations++
		messages += r.MessageCount
		_, err := fmt.Fprintln(out, listed(r))
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d conversations with %d messages, inactive since before %s\n", conversations, messages, before.Format(time.DateOnly))
	if err := out.Flush(); err != nil || dryRun || conversations == 0 {
		return err
	}
	if !yes {
		if err := confirm(p, "Delete them for good, for everybody in them? Type yes: "); err != nil {
			return err
		}
	}
	return parts.purgeInactive(ctx, p.stdout, before)
}

// purgeInactive purges batch by batch. An interrupted run is finished by the next one, or by the service.
func (p *parts) purgeInactive(ctx context.Context, out io.Writer, before time.Time) error {
	total := 0
	for {
		n, err := p.oversight.PurgeInactive(ctx, before, retentionBatch, "command line: inactive since "+before.UTC().Format(time.DateOnly))
		total += n
		if err == nil {
			err = repeat(ctx, p.store.SweepPurged)
		}
		if err != nil {
			return err
		}
		if n < retentionBatch {
			_, err := fmt.Fprintf(out, "%d conversations deleted\n", total)
			return err
		}
	}
}

// listed is a conversation as one line.
func listed(r oversight.Row) string {
	var names []string
	for _, p := range r.Participants {
		names = append(names, p.Person.Name())
	}
	last := "no message"
	if !r.LastActivity.IsZero() {
		last = "last message " + r.LastActivity.Format(time.DateOnly)
	}
	line := fmt.Sprintf("%d: %s, %d messages, %s: %s", r.ID, r.Type, r.MessageCount, last, strings.Join(names, ", "))
	return strings.Map(func(c rune) rune {
		if c < ' ' || 0x7f <= c && c < 0xa0 {
			return -1 // a name must not move the cursor
		}
		return c
	}, line)
}

// ago is the time before now that a length names: days, months or years of the calendar.
func ago(length string, now time.Time) (time.Time, error) {
	digits := strings.TrimRight(length, "dmoy")
	n, err := strconv.Atoi(digits)
	if err == nil && 0 < n && n <= 36500 {
		switch length[len(digits):] {
		case "d":
			return now.AddDate(0, 0, -n), nil
		case "mo":
			return monthsBefore(now, n), nil
		case "y":
			return monthsBefore(now, 12*n), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no length of time: use 90d, 24mo or 2y", length)
}

// monthsBefore is the same time of day n months before now: the last day of that month where it has no such day, or what
// is only 28 days old would be a month old on the 31st of March.
func monthsBefore(now time.Time, n int) time.Time {
	t := now.AddDate(0, -n, 0)
	if t.Day() != now.Day() {
		t = t.AddDate(0, 0, -t.Day())
	}
	return t
}

// confirm asks whoever sits at the terminal.
func confirm(p process, question string) error {
	if file, ok := p.stdin.(*os.File); ok {
		if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
			return fmt.Errorf("nobody can be asked here: add --yes, or --dry-run")
		}
	}
	fmt.Fprint(p.stdout, question)
	answer, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && err != io.EOF {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return fmt.Errorf("nothing was deleted")
	}
	return nil
}
