# keeper DIR INSTALL SERVER OPTION...: see server.go.
# Ctrl-C reaches the whole group, and writing to a process that is gone raises PIPE. Neither may end the
# keeper before its work is done: the end of standard input is what counts.
trap '' HUP INT PIPE QUIT TERM
dir=$1 install=$2 server=$3
shift 3
trap 'rm -rf "$dir"' EXIT

"$install" "$@" --skip-test-db --auth-root-authentication-method=normal </dev/null || exit

# A background job has /dev/null as its standard input: the pipe goes through descriptor 3.
exec 3<&0 </dev/null
"$server" "$@" \
	--socket="$dir/s" --pid-file="$dir/pid" --skip-networking \
	--character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_520_ci \
	--max-connections=500 3<&- &
pid=$!
{ read -r _ <&3; kill -9 "$pid"; } &
reader=$!
exec 3<&-
wait "$pid"
kill -9 "$reader"
