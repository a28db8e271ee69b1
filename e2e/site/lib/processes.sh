# shellcheck shell=bash
# Services: private processes without a terminal. Each is the leader of a session of its own, started in
# RUN_DIR. log/NAME.pid has that session's number and, on the second line, the fingerprint of what was
# started. A process is ours when it is in that session and works below RUN_DIR: a stale pid file, or one
# whose number was given to somebody else since, is never mistaken, and the workers that a killed master
# leaves behind are found.

pid_file() { printf '%s/%s.pid\n' "$LOG_DIR" "$1"; }
log_file() { printf '%s/%s.log\n' "$LOG_DIR" "$1"; }

# read_session PID: puts the number of its session into SESSION; false when there is no such process.
# No command is started: this runs for every process of the machine.
read_session() {
  local line fields
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # What follows the command's name, which may hold anything: state, parent, group, session.
  read -r -a fields <<<"${line##*) }"
  SESSION=${fields[3]}
}

# service_pids NAME: every live process of the service, the leader first if it lives.
service_pids() {
  local leader directory pid SESSION others=()
  { read -r leader <"$(pid_file "$1")"; } 2>/dev/null || return 0
  for directory in /proc/[0-9]*; do
    pid=${directory#/proc/}
    read_session "$pid" || continue
    [[ $SESSION == "$leader" ]] || continue
    [[ $(readlink "$directory/cwd" 2>/dev/null) == "$RUN_DIR"* ]] || continue
    if [[ $pid == "$leader" ]]; then
      printf '%s\n' "$pid"
    else
      others+=("$pid")
    fi
  done
  ((${#others[@]} == 0)) || printf '%s\n' "${others[@]}"
}

service_running() {
  local session first
  { read -r session <"$(pid_file "$1")"; } 2>/dev/null || return 1
  read -r first < <(service_pids "$1") || return 1
  [[ $first == "$session" ]]
}

# service_current NAME FINGERPRINT: it runs, and it is what would be started now.
service_current() {
  service_running "$1" && [[ $(sed -n 2p "$(pid_file "$1")") == "$2" ]]
}

# service_start NAME FINGERPRINT COMMAND…
service_start() {
  local name=$1 fingerprint=$2
  shift 2
  service_stop "$name"
  (
    cd "$RUN_DIR" || exit 1
    exec setsid "$@" >>"$(log_file "$name")" 2>&1 </dev/null 9>&-
  ) &
  printf '%s\n%s\n' "$!" "$fingerprint" >"$(pid_file "$name")"
  disown "$!"
}

# service_wait NAME SECONDS COMMAND…: COMMAND must come true while the service lives.
service_wait() {
  local name=$1 seconds=$2
  shift 2
  if ! wait_until "$seconds" service_ready_or_gone "$name" "$@" || ! service_running "$name"; then
    service_running "$name" || die "$name has stopped by itself"
    die "$name does not answer after $seconds seconds"
  fi
}

service_ready_or_gone() {
  local name=$1
  shift
  "$@" || ! service_running "$name"
}

service_gone() { [[ -z $(service_pids "$1") ]]; }

# service_stop NAME: true also when it did not run.
service_stop() {
  local pids
  mapfile -t pids < <(service_pids "$1")
  if ((${#pids[@]})); then
    # The leader ends its workers; workers without a leader are ended one by one.
    if service_running "$1"; then
      kill -TERM "${pids[0]}" 2>/dev/null || true
    else
      kill -TERM "${pids[@]}" 2>/dev/null || true
    fi
    if ! wait_until 20 service_gone "$1"; then
      mapfile -t pids < <(service_pids "$1")
      ((${#pids[@]} == 0)) || kill -KILL "${pids[@]}" 2>/dev/null || true
      wait_until 5 service_gone "$1" || die "$1 cannot be stopped (processes: ${pids[*]})"
    fi
  fi
  rm -f "$(pid_file "$1")"
}

# stop_strays: ends what a site in this folder left running when the folder was deleted under it.
stop_strays() {
  local directory pid leader name cwd known=' ' SESSION strays=() service
  for service in "${SERVICES[@]}"; do
    { read -r leader <"$(pid_file "$service")"; } 2>/dev/null && known+="$leader "
  done
  for directory in /proc/[0-9]*; do
    pid=${directory#/proc/}
    { read -r name <"$directory/comm"; } 2>/dev/null || continue
    case $name in
    nginx | php-fpm* | mariadbd | jetonomy-sideca*) ;;
    *) continue ;;
    esac
    cwd=$(readlink "$directory/cwd" 2>/dev/null) || continue
    case ${cwd% (deleted)} in
    "$RUN_DIR" | "$RUN_DIR/mariadb") ;;
    *) continue ;;
    esac
    read_session "$pid" || continue
    [[ $known == *" $SESSION "* ]] || strays+=("$pid")
  done
  ((${#strays[@]})) || return 0
  note "stopping what an earlier site left running: ${strays[*]}"
  kill -TERM "${strays[@]}" 2>/dev/null || true
  for pid in "${strays[@]}"; do
    wait_until 10 process_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
  done
}

# process_gone PID: also true of a dead process that nobody has waited for.
process_gone() { ! readlink "/proc/$1/cwd" >/dev/null 2>&1; }
