#!/bin/bash
# run_echo.sh [PAIRS [SECONDS]]: start-up, idle memory and echo figures of the release build, durable, on this machine.
#
# To build both: cmake --preset release && cmake --build --preset release --target alcove alcove_echo_bench
# ALCOVE_BIN and ECHO_BENCH name other binaries; ALCOVE_DATA_ROOT the folder (on the disk to be measured) in which the
# server's data is kept while it runs; default: the system's temporary folder. AGENTS: so many are seeded, in place of
# one a pair. Loopback only.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
alcove=${ALCOVE_BIN:-$root/build/release/bin/alcove}
bench=${ECHO_BENCH:-$root/build/release/bin/alcove_echo_bench}
pairs=${1:-50} seconds=${2:-5}
agents=${AGENTS:-$pairs}
for binary in "$alcove" "$bench"; do
  [ -x "$binary" ] || { echo "run_echo.sh: $binary is not there: see the head of this script" >&2; exit 2; }
done
ulimit -n "$(ulimit -Hn)"

work=$(mktemp -d "${ALCOVE_DATA_ROOT:-${TMPDIR:-/tmp}}/alcove-echo.XXXXXX")
server=
leave() {
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap leave EXIT

now_us() { echo "${EPOCHREALTIME/./}"; }

"$alcove" seed --data "$work/data" --agents "$agents" --json >"$work/seed.json"
mkfifo "$work/out"
begin=$(now_us)
"$alcove" serve --data "$work/data" --listen 127.0.0.1:0 --ops 127.0.0.1:0 --limits off >"$work/out" 2>"$work/log" &
server=$!
exec 4<"$work/out"
if ! read -r -t 20 line <&4; then
  echo "run_echo.sh: the server ended before it listened:" >&2
  cat "$work/log" >&2
  exit 2
fi
listening=$(now_us)
cat <&4 >/dev/null &
port=${line##*:}

exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /demo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
read -r -t 20 _ status _ <&3
answered=$(now_us)
exec 3>&-
sleep 1
echo "start               $(((listening - begin) / 1000)) ms to 'listening on', $(((answered - begin) / 1000)) ms to the first answer ($status)"
echo "idle                $(awk '/^VmRSS/ {printf "%.1f MB resident", $2 / 1024}' "/proc/$server/status") with demo data of $agents agents"

"$bench" --port "$port" --accounts "$work/seed.json" --pairs "$pairs" --seconds "$seconds" --server-pid "$server" --disk "$work"
