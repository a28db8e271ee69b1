package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"jetonomy-sidecar/wpbridge/plugin"
)

// version is the plugin's: a binary and the plugin it hands out are one release.
var version = plugin.Version()

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// process is what a command sees of the world.
type process struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

type command struct {
	usage, about string
	run          func(ctx context.Context, p process, args []string) error
}

var commands = map[string]command{
	"serve":       {"serve", "serve the API until interrupted; migrates the database first", serve},
	"migrate":     {"migrate", "create or adopt the tables and work in what they hold", migrate},
	"token":       {"token --user LOGIN", "print a token for LOGIN, good for 10 minutes", token},
	"doctor":      {"doctor", "check configuration, database and keys, and say what to do", doctor},
	"audit":       {"audit verify", "check that the access log is as it was written", audit},
	"purge":       {"purge --inactive-for 24mo", "delete conversations without activity; --dry-run lists them", purge},
	"plugin":      {"plugin [--out FILE]", "write the WordPress plugin that belongs to this binary as a zip", writePlugin},
	"healthcheck": {"healthcheck", "ask the running service whether it is ready, by exit code", healthcheck},
	"version":     {"version", "print the version", printVersion},
}

// order is that of the help.
var order = []string{"serve", "migrate", "doctor", "token", "audit", "purge", "plugin", "healthcheck", "version"}

// errUsage marks an error that is the command line's.
var errUsage = errors.New("usage")

// run executes one command and gives the exit code. Tests call it, too.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	p := process{getenv, os.Stdin, stdout, stderr}
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		help(stdout)
		return exitOK
	}
	c, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(stderr, "jetonomy-sidecar: there is no command %q\n", args[0])
		help(stderr)
		return exitUsage
	}
	err := c.run(ctx, p, args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		fmt.Fprintf(stderr, "jetonomy-sidecar %s: %v\n", args[0], err)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "jetonomy-sidecar %s: %v\n", args[0], err)
		return exitError
	}
}

func help(w io.Writer) {
	var b strings.Builder
	b.WriteString("Private messages beside a WordPress site.\n\nUsage: jetonomy-sidecar COMMAND [--wp-config PATH]\n\n")
	for _, name := range order {
		fmt.Fprintf(&b, "  %-26s %s\n", commands[name].usage, commands[name].about)
	}
	b.WriteString("\nPATH is the site's wp-config.php or its folder; SIDECAR_WP_CONFIG in the environment does the same.\n")
	io.WriteString(w, b.String())
}

func printVersion(_ context.Context, p process, _ []string) error {
	_, err := fmt.Fprintln(p.stdout, version)
	return err
}
