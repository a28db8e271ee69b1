# shellcheck shell=bash
# The private MariaDB: no network, one socket in a folder that only this user may enter. Or, with SITE_DB_SOCKET, a
# server for tests that runs already and lets root in without a password: how MySQL is tried.

database_secret() {
  if [[ ! -s $RUN_DIR/secrets ]]; then
    (
      umask 077
      {
        printf 'DB_PASSWORD=%s\n' "$(random_hex 16)"
        local key
        for key in AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY NONCE_KEY AUTH_SALT SECURE_AUTH_SALT LOGGED_IN_SALT NONCE_SALT; do
          printf '%s=%s\n' "$key" "$(random_hex 32)"
        done
      } >"$RUN_DIR/secrets.new"
      mv "$RUN_DIR/secrets.new" "$RUN_DIR/secrets"
    )
  fi
  # shellcheck disable=SC1091
  source "$RUN_DIR/secrets"
}

sql() { mariadb --no-defaults --socket="$DB_SOCKET" --user=root "$@"; }

database_answers() { sql --execute 'SELECT 1' >/dev/null 2>&1; }

database_start() {
  local as_user=() config=$CONFIG_DIR/my.cnf sum
  DB_SOCKET=$SOCKET_DIR/mariadb.sock
  # MariaDB refuses to run as root unless it is told to.
  [[ $(id -u) != 0 ]] || as_user=(--user=root)
  render "$SITE_DIR/config/my.cnf" "$config" RUN_DIR LOG_DIR DB_SOCKET

  if [[ ! -d $RUN_DIR/mariadb ]]; then
    step "creating the database server's data" "$LOG_DIR/mariadb-install.log"
    rm -rf "$RUN_DIR/mariadb.new"
    # It does not quote its paths, so it gets one without the caller's folders.
    (cd "$RUN_DIR" && mariadb-install-db --no-defaults --datadir=./mariadb.new --skip-test-db --skip-name-resolve \
      --auth-root-authentication-method=normal "${as_user[@]}") >"$LOG_DIR/mariadb-install.log" 2>&1
    mv "$RUN_DIR/mariadb.new" "$RUN_DIR/mariadb"
  fi

  sum=$(fingerprint "$config")
  if ! service_current mariadb "$sum"; then
    step "starting MariaDB" "$(log_file mariadb)"
    service_start mariadb "$sum" mariadbd --defaults-file="$config" "${as_user[@]}"
    service_wait mariadb 60 database_answers
  fi
}

database_up() {
  database_secret
  if [[ -z ${SITE_DB_SOCKET:-} ]]; then
    database_start
  else
    DB_SOCKET=$SITE_DB_SOCKET
    database_answers || die "no database server lets root in at SITE_DB_SOCKET=$DB_SOCKET without a password"
  fi
  sql --execute "
    CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
    CREATE USER IF NOT EXISTS wordpress@localhost;
    ALTER USER wordpress@localhost IDENTIFIED BY '$DB_PASSWORD';
    GRANT ALL ON wordpress.* TO wordpress@localhost;"
  SIDECAR_DSN="wordpress:$DB_PASSWORD@unix($DB_SOCKET)/wordpress"
}
