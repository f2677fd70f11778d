#!/bin/bash
# merge.sh: adds to tests/fuzz/corpus what run.sh has kept and what reaches code that nothing there reaches.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
for name in framer target cursor json markdown keys; do
  "$root/build/fuzz/bin/${name}_fuzz" -merge=1 "$root/tests/fuzz/corpus/$name" "$root/build/fuzz/corpus/$name"
done
