# The targets call the scripts in e2e/site; docs/development.md has the variables they read.

.PHONY: help up down logs clean build test pot assets

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Brings up a complete site (WordPress, nginx, php-fpm, MariaDB, the service) and returns when it answers
	@e2e/site/up

down: ## Stops the site and keeps its data
	@e2e/site/down

logs: ## Shows the site's logs as they grow
	@e2e/site/logs

clean: ## Stops the site and deletes it
	@e2e/site/clean

build: ## Builds the service: .run/jetonomy-sidecar
	@e2e/site/build

test: ## Runs every test, installing what it needs
	@e2e/site/test

pot: ## Writes the plugin's template for translators
	@e2e/site/pot

assets: ## Builds the plugin's script module from wpbridge/inbox
	@e2e/site/assets
