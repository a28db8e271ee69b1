# shellcheck shell=bash
# The service itself: built from this work tree, or SIDECAR_BINARY.

sidecar_build() {
  local binary=$RUN_DIR/jetonomy-sidecar flags=()
  if [[ -n ${SIDECAR_BINARY:-} ]]; then
    [[ -f $SIDECAR_BINARY && -x $SIDECAR_BINARY ]] || die "SIDECAR_BINARY=$SIDECAR_BINARY is not a program"
    cp "$SIDECAR_BINARY" "$binary.new"
  else
    step "building the service" "$LOG_DIR/build.log"
    command -v go >/dev/null || die "Go is missing (no 'go' in PATH)" "install the version that go.mod names"
    read -r -a flags <<<"${SIDECAR_BUILD_FLAGS:-}"
    # Without the commit's stamp the same code is the same file, and is not restarted.
    (cd "$ROOT" && go build -buildvcs=false "${flags[@]}" -o "$binary.new" ./cmd/jetonomy-sidecar) >"$LOG_DIR/build.log" 2>&1
  fi
  if cmp -s "$binary.new" "$binary"; then
    rm "$binary.new"
  else
    mv "$binary.new" "$binary"
  fi
}

sidecar_up() {
  # This site's settings, whatever the caller's shell has from another site's env file.
  local sum program=(env -u SIDECAR_DSN -u SIDECAR_TABLE_PREFIX -u SIDECAR_SITE_URL -u SIDECAR_WP_URL -u SIDECAR_SECRET
    SIDECAR_WP_CONFIG="$WORDPRESS/wp-config.php" SIDECAR_LISTEN="127.0.0.1:$SIDECAR_PORT"
    SIDECAR_INTERNAL_LISTEN="127.0.0.1:$SIDECAR_INTERNAL_PORT" "$RUN_DIR/jetonomy-sidecar")
  sum=$(fingerprint "$RUN_DIR/jetonomy-sidecar" "$WORDPRESS/wp-config.php" <(printf '%s' "$SIDECAR_PORT"))
  service_current sidecar "$sum" && return

  step "bringing the tables up to date" "$LOG_DIR/migrate.log"
  "${program[@]}" migrate >"$LOG_DIR/migrate.log" 2>&1
  step "starting the service" "$(log_file sidecar)"
  service_stop sidecar
  claim_port "$SIDECAR_PORT" SIDECAR_PORT sidecar
  claim_port "$SIDECAR_INTERNAL_PORT" SIDECAR_PORT sidecar "the port above it is used too"
  service_start sidecar "$sum" "${program[@]}" serve
  service_wait sidecar 30 answers "$SIDECAR_INTERNAL_URL/readyz"
}
