# shellcheck shell=bash
# What every command of e2e/site starts from: the settings, steps with a useful failure, one lock per site.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
SITE_DIR=$ROOT/e2e/site

RUN_DIR=${RUN_DIR:-.run}
[[ $RUN_DIR == /* ]] || RUN_DIR=$ROOT/$RUN_DIR
RUN_DIR=${RUN_DIR%/}

LOG_DIR=$RUN_DIR/log
CONFIG_DIR=$RUN_DIR/config
WORDPRESS=$RUN_DIR/wordpress
# What was downloaded serves every site of this work tree.
CACHE_DIR=$ROOT/.run/cache

# Debian keeps the servers where an ordinary user's PATH does not look.
PATH=$PATH:/usr/local/go/bin:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL=C.UTF-8

STEP=
STEP_LOG=

# step TEXT [LOG]: what is being done now, and the log to show when it fails.
step() {
  STEP=$1
  STEP_LOG=${2:-}
  printf '==> %s\n' "$STEP"
}

note() { printf '    %s\n' "$*"; }

# die MESSAGE…: every argument is a line; the first says what is wrong, the others what to do.
die() {
  local line
  for line in "$@"; do
    printf 'error: %s\n' "$line" >&2
  done
  exit 1
}

# report_failure STATUS: for the EXIT trap of a command that works in steps.
report_failure() {
  (($1 != 0)) && [[ -n $STEP ]] || return 0
  {
    printf '\nFAILED at the step: %s\n' "$STEP"
    [[ -n $STEP_LOG ]] || return 0
    if [[ -s $STEP_LOG ]]; then
      printf 'The last lines of %s:\n\n' "$STEP_LOG"
      tail -n 20 "$STEP_LOG" | sed 's/^/  | /'
    fi
    printf '\nAll logs are in %s. When the cause is removed, run the command again: it goes on from there.\n' "$LOG_DIR"
    printf '`make clean` starts from nothing, and deletes the data of this site.\n'
  } >&2
}

# prepare_run_dir: the folders, and where the sockets are (a socket's path may have 107 characters at most).
prepare_run_dir() {
  mkdir -p "$RUN_DIR" "$LOG_DIR" "$CONFIG_DIR" "$RUN_DIR/tmp" "$RUN_DIR/mail" "$CACHE_DIR"
  SOCKET_DIR=$(socket_dir)
  (umask 077 && mkdir -p "$SOCKET_DIR")
  [[ -O $SOCKET_DIR && ! -L $SOCKET_DIR ]] || die "$SOCKET_DIR belongs to another user" "choose another RUN_DIR"
}

socket_dir() {
  if ((${#RUN_DIR} < 80)); then
    printf '%s/socket\n' "$RUN_DIR"
  else
    printf '/tmp/jetonomy-sidecar-%s-%s\n' "$(id -u)" "$(printf '%s' "$RUN_DIR" | cksum | cut -d' ' -f1)"
  fi
}

# lock [NAME]: one command at a time works on a site. The lock ends with the process; services never inherit it.
lock() {
  local file=$RUN_DIR/${1:-lock}
  mkdir -p "$RUN_DIR"
  while true; do
    exec 9>>"$file"
    if ! flock -n 9; then
      note "another command is working on $RUN_DIR: waiting for it"
      flock -w 1800 9 || die "$RUN_DIR is still locked after 30 minutes" "find the command that has $file open"
    fi
    # `make clean` may have deleted the file that was waited for.
    [[ $file -ef /proc/$$/fd/9 ]] && return
  done
}

# setting NAME DEFAULT: the environment wins, then what the last `make up` used, then DEFAULT.
setting() {
  local name=$1 value=${!1:-}
  if [[ -z $value && -r $RUN_DIR/env ]]; then
    value=$(sed -n "s/^export $name=//p" "$RUN_DIR/env")
  fi
  printf '%s\n' "${value:-$2}"
}

load_ports() {
  SITE_PORT=$(setting SITE_PORT 8080)
  SIDECAR_PORT=$(setting SIDECAR_PORT 8787)
  local name
  for name in SITE_PORT SIDECAR_PORT; do
    if [[ ! ${!name} =~ ^[1-9][0-9]{0,4}$ ]] || ((${!name} > 65534)); then
      die "$name is '${!name}': it must be a number from 1 to 65534"
    fi
  done
  SIDECAR_INTERNAL_PORT=$((SIDECAR_PORT + 1))
  if ((SITE_PORT == SIDECAR_PORT || SITE_PORT == SIDECAR_INTERNAL_PORT)); then
    die "SITE_PORT is $SITE_PORT, but the service has the ports $SIDECAR_PORT and $SIDECAR_INTERNAL_PORT (SIDECAR_PORT and the next)"
  fi
  # The address is an IP number so that no resolver decides between IPv4 and IPv6.
  SITE_URL=http://127.0.0.1:$SITE_PORT
  SIDECAR_URL=http://127.0.0.1:$SIDECAR_PORT
  SIDECAR_INTERNAL_URL=http://127.0.0.1:$SIDECAR_INTERNAL_PORT
}

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# render TEMPLATE TARGET NAME…: TEMPLATE with each @NAME@ replaced by the variable of that name.
render() {
  local text target=$2 name
  text=$(<"$1")
  shift 2
  for name in "$@"; do
    text=${text//"@$name@"/"${!name}"}
  done
  printf '%s\n' "$text" >"$target.new"
  mv "$target.new" "$target"
}

fingerprint() { cat "$@" | sha256sum | cut -d' ' -f1; }

# wait_until SECONDS COMMAND…: true as soon as COMMAND is.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}
