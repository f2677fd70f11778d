#!/bin/bash
# run_assign.sh [CONVERSATIONS [SECONDS]]: how soon agents hear of what is given to them, on a server as run_echo.sh starts it.
#
# To build both: cmake --preset release && cmake --build --preset release --target alcove alcove_assign_bench
# AGENTS: so many share the conversations; default: one for each four, who may have five.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
conversations=${1:-500}
export ECHO_BENCH=${ASSIGN_BENCH:-$root/build/release/bin/alcove_assign_bench}
export AGENTS=${AGENTS:-$(((conversations + 3) / 4))}
exec "$root/tests/bench/run_echo.sh" "$conversations" "${2:-20}"
