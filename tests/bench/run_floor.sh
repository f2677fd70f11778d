#!/bin/bash
# run_floor.sh KIT WORK [ROUNDS [PAIRS]]: the echo of PAIRS conversations (50; "50 500": of both) by the kit that compares
# Alcove with other servers (KIT, the folder `peers` of what is shared; WORK, where its install.sh put things), beside little
# more than a chat has to do (echo_floor.cc): in memory, stored, and stored with as many keys and bytes as Alcove writes for
# a message. ROUNDS (3) rounds in turns.
#
# To build: cmake --preset release && cmake --build --preset release --target alcove alcove_echo_floor
# ALCOVE_BIN and ECHO_FLOOR name other binaries. Loopback only.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
export ALCOVE_BIN=${ALCOVE_BIN:-$root/build/release/bin/alcove}
ECHO_FLOOR=${ECHO_FLOOR:-$root/build/release/bin/alcove_echo_floor}
[ $# -ge 2 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
for binary in "$ALCOVE_BIN" "$ECHO_FLOOR" "$1/bench.sh" "$2/lpbench"; do
  [ -x "$binary" ] || { echo "run_floor.sh: $binary is not there: see the head of this script" >&2; exit 2; }
done

# The kit as it is, and one server more.
kit=$(mktemp -d "${TMPDIR:-/tmp}/alcove-floor.XXXXXX")
trap 'rm -rf "$kit"' EXIT
cp -r "$1/." "$kit"
chmod -R u+w "$kit"
mkdir "$kit/peers/floor"
# Seven keys, 1,700 bytes: what a message added to Alcove's log in this echo (by leveldb::DumpFile()).
cat >"$kit/peers/floor/start.sh" <<START
#!/bin/bash
. "\$(dirname "\$0")/../../lib.sh"
case \$VARIANT in
  memory) run "$ECHO_FLOOR" "\$PORT" - ;;
  leveldb) run "$ECHO_FLOOR" "\$PORT" "\$DIR/db" ;;
  as_alcove) run "$ECHO_FLOOR" "\$PORT" "\$DIR/db" 7 1700 ;;
esac
ready
START
chmod +x "$kit/peers/floor/start.sh"

servers=(nchan:1 plain:level socketio:level floor:memory floor:leveldb floor:as_alcove alcove:leveldb)
rounds=${3:-3} pairs=${4:-50}
PAIRS=$pairs "$kit/bench.sh" "$2" "$kit/results" "$rounds" echo "${servers[@]}" >"$kit/out"
"$kit/summarize.py" "$kit/results"
# A server that does not start is only left out.
runs=$(grep -c '"mode":"echo"' "$kit/results")
[ "$runs" -eq $((rounds * ${#servers[@]} * $(wc -w <<<"$pairs"))) ] || { cat "$kit/results.err" >&2; exit 1; }
