// Command jetonomy-sidecar serves private messages beside a WordPress site, on the site's own database.
//
//	jetonomy-sidecar serve --wp-config /var/www/html/wp-config.php
//
// `jetonomy-sidecar help` lists the commands; docs/configuration.md lists the environment variables.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}
