# shellcheck shell=bash
# Whether a TCP port of 127.0.0.1 is free, and who has it.

# port_inodes PORT: the sockets that listen where 127.0.0.1:PORT would.
port_inodes() {
  local hex files=() file
  printf -v hex '%04X' "$1"
  for file in /proc/net/tcp /proc/net/tcp6; do
    [[ -r $file ]] && files+=("$file")
  done
  awk -v port="$hex" '
    $4 == "0A" {
      split($2, local, ":")
      if (local[2] != port) next
      if (local[1] ~ /^(0100007F|0+|0000000000000000FFFF00000100007F)$/) print $10
    }' "${files[@]}"
}

port_is_free() { [[ -z $(port_inodes "$1") ]]; }

# port_pids PORT: the processes that listen there, as far as this user may see them.
port_pids() {
  local inode
  for inode in $(port_inodes "$1"); do
    find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$inode\]" 2>/dev/null || true
  done | cut -d/ -f3 | sort -un
}

# claim_port PORT VARIABLE SERVICE: stops with a clear message when somebody other than SERVICE has it.
claim_port() {
  local port=$1 variable=$2 service=$3 pids ours pid who
  port_is_free "$port" && return
  mapfile -t pids < <(port_pids "$port")
  ours=" $(service_pids "$service" | tr '\n' ' ')"
  for pid in "${pids[@]}"; do
    [[ $ours == *" $pid "* ]] && return
  done
  who="a process of another user"
  if ((${#pids[@]})); then
    pid=${pids[0]}
    who="$(cat "/proc/$pid/comm" 2>/dev/null || echo process) (pid $pid, in $(readlink "/proc/$pid/cwd" 2>/dev/null || echo '?'))"
  fi
  die "port $port is taken by $who" \
    "stop it, or choose another port: $variable=NUMBER make up${4:+ ($4)}"
}

# free_port COUNT: the first of COUNT free ports in a row, below the range that outgoing connections use.
free_port() {
  local count=$1 first i
  for _ in {1..200}; do
    first=$((20000 + (RANDOM * 3 + RANDOM) % 11000))
    for ((i = 0; i < count; i++)); do
      port_is_free $((first + i)) || continue 2
    done
    printf '%s\n' "$first"
    return
  done
  die "no free port was found"
}
