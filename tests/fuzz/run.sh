#!/bin/bash
# run.sh [SECONDS]: runs each fuzzer of the preset `fuzz` over its corpus and then SECONDS longer (10). Its status is 0 where nothing was found.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-10}
bin=${FUZZ_BIN:-$root/build/fuzz/bin}
kept=${FUZZ_KEPT:-$root/build/fuzz}
status=0
for name in framer target cursor json markdown keys; do
  [ -x "$bin/${name}_fuzz" ] || { echo "run.sh: $bin/${name}_fuzz is not there: build alcove_fuzzers of the preset fuzz" >&2; exit 2; }
  mkdir -p "$kept/corpus/$name" "$kept/found"
  log="$kept/$name.log"
  # What is new goes into the first folder; the others are only read. No input takes a second.
  if "$bin/${name}_fuzz" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="$kept/found/$name-" "$kept/corpus/$name" "$root/tests/fuzz/corpus/$name" >"$log" 2>&1; then
    echo "$name: $(sed -nE 's/^stat::number_of_executed_units: *//p' "$log") inputs, nothing found"
  else
    status=1
    echo "$name: FOUND something; its input is in $kept/found"
    tail -n 40 "$log"
  fi
done
exit $status
