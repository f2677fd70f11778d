#!/bin/bash
# run_overload.sh [SENDERS [OTHERS [SECONDS]]]: what the release build does with more than it can do: how soon it says no, to whom,
# and how long what it takes on then takes, beside 50 senders alone.
#
# To build both: cmake --preset release && cmake --build --preset release --target alcove alcove_overload_bench
# ALCOVE_BIN and OVERLOAD_BENCH name other binaries; ALCOVE_DATA_ROOT the folder on the disk to be measured. Each side needs
# a descriptor for each sender. Loopback only.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
alcove=${ALCOVE_BIN:-$root/build/release/bin/alcove}
bench=${OVERLOAD_BENCH:-$root/build/release/bin/alcove_overload_bench}
for binary in "$alcove" "$bench"; do
  [ -x "$binary" ] || { echo "run_overload.sh: $binary is not there: see the head of this script" >&2; exit 2; }
done
ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d "${ALCOVE_DATA_ROOT:-${TMPDIR:-/tmp}}/alcove-overload.XXXXXX")
server=
leave() {
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && wait "$server"; } || true
  rm -rf "$work"
}
trap leave EXIT

"$alcove" seed --data "$work/data" --agents 1 >"$work/seed"
mkfifo "$work/out"
"$alcove" serve --data "$work/data" --listen 127.0.0.1:0 --ops 127.0.0.1:0 --limits off --web "$root/web" >"$work/out" 2>"$work/log" &
server=$!
exec 4<"$work/out"
read -r -t 20 line <&4 && read -r -t 20 ops_line <&4 || { cat "$work/log" >&2; exit 2; }
"$bench" "${line##*:}" "${ops_line##*:}" "$@"
