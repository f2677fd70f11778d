#!/bin/bash
# run_park.sh [PARKED]: memory of the server for each waiting poll up to PARKED (15000), how soon one of them hears a message
# (store in memory, then LevelDB with fsync), and one message to 10,000 who wait.
#
# To build: cmake --preset release && cmake --build --preset release --target alcove_park_server alcove_park_bench
# PARK_SERVER and PARK_BENCH name other binaries; ALCOVE_DATA_ROOT the folder on the disk to be measured. Each side needs a
# descriptor for each poll. Loopback only.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
server_bin=${PARK_SERVER:-$root/build/release/bin/alcove_park_server}
bench=${PARK_BENCH:-$root/build/release/bin/alcove_park_bench}
parked=${1:-15000}
for binary in "$server_bin" "$bench"; do
  [ -x "$binary" ] || { echo "run_park.sh: $binary is not there: see the head of this script" >&2; exit 2; }
done
ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d "${ALCOVE_DATA_ROOT:-${TMPDIR:-/tmp}}/alcove-park.XXXXXX")
trap 'rm -rf "$work"' EXIT

run() {  # STORE CUSTOMERS TALKERS SESSIONS DELIVERIES
  mkfifo "$work/in"
  "$server_bin" "$1" "$2" "$3" "$4" <"$work/in" >"$work/people" &
  local server=$! status=0
  exec 5>"$work/in"
  until grep -q '^ready$' "$work/people"; do
    kill -0 "$server" 2>/dev/null || { echo "run_park.sh: the server has ended" >&2; exit 2; }
    sleep 0.1
  done
  "$bench" "$work/people" "$(sed -n 's/^port //p' "$work/people")" "$(sed -n 's/^ops //p' "$work/people")" "$server" "$5" || status=$?
  exec 5>&-
  wait "$server" || true
  rm -f "$work/in"
  return "$status"
}

echo "--- the store in memory"
run memory "$parked" 500 1 2000
echo "--- LevelDB, every message synced"
run "$work/data" "$parked" 500 1 2000
echo "--- one message to many, the store in memory"
run memory 1 1 10000 5
