# shellcheck shell=bash
# Debian packages: what is missing is found by what it provides, so a machine that has it from elsewhere
# is left alone. No service is started or enabled by an installation made here.

PHP_EXTENSIONS=(mysqli:mysql curl:curl dom:xml mbstring:mbstring gd:gd intl:intl zip:zip)

php_fpm() {
  local version binary
  version=$(php -r 'echo PHP_MAJOR_VERSION . "." . PHP_MINOR_VERSION;' 2>/dev/null) || return 1
  for binary in "php-fpm$version" php-fpm; do
    command -v "$binary" && return
  done
  return 1
}

# missing_site_packages: the packages that a site needs and this machine lacks, one a line.
missing_site_packages() {
  local pair modules
  local -A provides=(
    [mariadbd]=mariadb-server-core [mariadb]=mariadb-client-core [nginx]=nginx [php]=php-cli
    [curl]=curl [unzip]=unzip
  )
  local command
  for command in "${!provides[@]}"; do
    command -v "$command" >/dev/null || printf '%s\n' "${provides[$command]}"
  done
  php_fpm >/dev/null || printf 'php-fpm\n'
  modules=$(php -m 2>/dev/null || true)
  for pair in "${PHP_EXTENSIONS[@]}"; do
    grep -qix "${pair%%:*}" <<<"$modules" || printf 'php-%s\n' "${pair##*:}"
  done
  [[ -e /etc/ssl/certs/ca-certificates.crt ]] || printf 'ca-certificates\n'
}

# missing_test_packages: what the tests need beside a site. The race detector needs a C compiler.
missing_test_packages() {
  command -v gcc >/dev/null || command -v cc >/dev/null || printf 'gcc\n'
  [[ -e /usr/include/stdlib.h ]] || printf 'libc6-dev\n'
  command -v phpunit >/dev/null || printf 'phpunit\n'
  command -v phpcs >/dev/null || printf 'php-codesniffer\n'
  command -v chromium >/dev/null || printf 'chromium\n'
  command -v npm >/dev/null || printf 'npm\n'
}

# install_packages NAME…
install_packages() {
  (($#)) || return 0
  local as_root=()
  note "installing: $*"
  command -v apt-get >/dev/null || die "this is not Debian: these packages, or what they provide, are missing: $*"
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || die "these Debian packages are missing: $*" \
      "install them as root: apt-get install --no-install-recommends $*"
    as_root=(sudo)
  fi
  "${as_root[@]}" bash "$SITE_DIR/lib/install-packages" "$@" >>"$LOG_DIR/packages.log" 2>&1 ||
    die "the Debian packages could not be installed: $*" \
      "install them as root: apt-get install --no-install-recommends $*"
}
