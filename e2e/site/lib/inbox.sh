# shellcheck shell=bash
# wpbridge/inbox, the source of the plugin's script module.

INBOX=$ROOT/wpbridge/inbox

# inbox_packages: the packages of its lock file, as they are there. None of their scripts runs.
inbox_packages() {
  npm ci --prefix "$INBOX" --ignore-scripts --prefer-offline --no-audit --no-fund --no-update-notifier --loglevel error
}

inbox_types() { (cd "$INBOX" && node_modules/.bin/tsc --noEmit); }

# inbox_build [--check]: writes the module, or fails where it is not what its source makes.
inbox_build() { (cd "$INBOX" && node build.mjs "$@"); }
