// Package e2e holds the tests that run against a whole site: WordPress with the plugin, nginx, MariaDB
// and the service, as `make up` brings them up. They need the environment that `make up` leaves in
// .run/env; `make test` provides a site of its own.
//
//	make up && . .run/env && go test -tags e2e ./e2e/
package e2e
