# Sourced by ./start and ./check: the set-up that both need. Each step says one line, does nothing when there is nothing
# to do, and ends with one clear sentence when it cannot be done.

ALCOVE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ALCOVE_LOGS="$ALCOVE_ROOT/build/logs"
readonly ALCOVE_ROOT ALCOVE_LOGS

# Some runners of CI set no HOME; caches and data go below it.
: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
export HOME

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Ctrl-C ends the step that runs, with all its children: it has a process group of its own.
running_step=
stop_running_step() {
  [ -z "$running_step" ] || kill -TERM -- "-$running_step" 2>/dev/null || true
  say ''
  exit 130
}
trap stop_running_step INT TERM HUP

readonly NETWORK_ERRORS='Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Network is unreachable|code E(NOTFOUND|AI_AGAIN|CONNREFUSED|NETUNREACH|TIMEDOUT)'
no_network=no

# run_logged LOG COMMAND...: runs a command into build/logs/LOG.log. On a terminal its last line is shown as it changes,
# elsewhere every ten seconds; when it fails, the end of its log is printed. Returns the command's status.
run_logged() {
  local log="$ALCOVE_LOGS/$1.log" pause=10 status=0 shown='' line waited=0
  shift
  [ ! -t 1 ] || pause=1
  mkdir -p "$ALCOVE_LOGS"
  set -m
  "$@" >"$log" 2>&1 </dev/null 9>&- &
  running_step=$!
  set +m
  # A first look soon, so that a quick step ends quickly.
  while kill -0 "$running_step" 2>/dev/null; do
    sleep 0.2
    waited=$((waited + 1))
    [ $((waited % (pause * 5))) -eq 0 ] || continue
    line=$(tr '\r' '\n' <"$log" | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c 1-100)
    [ "$line" != "$shown" ] || continue
    shown=$line
    if [ -t 1 ]; then printf '\r\033[K    %s' "$line"; else printf '    %s\n' "$line"; fi
  done
  wait "$running_step" || status=$?
  running_step=
  [ ! -t 1 ] || printf '\r\033[K'
  if [ "$status" -ne 0 ]; then
    no_network=no
    if grep -qE "$NETWORK_ERRORS" "$log"; then no_network=yes; else tail -n 60 "$log"; fi
    say "    (the whole log: ${log#"$ALCOVE_ROOT"/})"
  fi
  return "$status"
}

# After a run_logged that fetches: a hundred addresses that do not answer are one reason, told in one sentence.
fail_to_fetch() {
  [ "$no_network" = no ] || fail "$1 could not be fetched: there is no network; run this again when there is"
  fail "$1 could not be installed: see above"
}

# One set-up or build at a time in this tree; two would write the same files.
take_turn() {
  mkdir -p "$ALCOVE_ROOT/build"
  exec 9>"$ALCOVE_ROOT/build/.lock"
  flock -n 9 || { say "Waiting for another ./start or ./check in this tree ..."; flock 9; }
}
end_turn() { exec 9>&-; }

# packages_of SECTION...: the names in those sections of cmake/packages.txt.
packages_of() {
  local section
  for section in "$@"; do
    awk -v wanted="[$section]" '/^\[/ { here = ($0 == wanted); next } here && NF && !/^#/ { print $1 }' \
      "$ALCOVE_ROOT/cmake/packages.txt"
  done
}

has_node() {
  command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]
}

# need_packages SECTION...: installs with apt what is missing.
need_packages() {
  local -a missing=() as_root=()
  local name
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is not Debian: using the tools that are here (docs/OPERATING.md lists what is needed)."
    return 0
  fi
  for name in $(packages_of "$@"); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  if ! has_node; then
    command -v node >/dev/null && [ "$(command -v node)" = /usr/bin/node ] || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
  fi
  if [ "${#missing[@]}" -eq 0 ]; then
    say "Packages: all there."
    return 0
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "these packages are missing and there is no sudo: run as root: apt-get install ${missing[*]}"
    as_root=(sudo)
    # Asked here, where a password can be typed, rather than inside a logged step.
    sudo -v || fail "these packages are missing and sudo refused: ask for: apt-get install ${missing[*]}"
  fi
  say "Packages: installing ${#missing[@]} with apt: ${missing[*]}"
  # A broken source of somebody else's must not stop us; apt-get install says what it cannot find.
  run_logged apt-update ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get update ||
    say "    apt-get update reported errors; going on with the lists that are there."
  run_logged apt-install ${as_root[@]+"${as_root[@]}"} "$ALCOVE_ROOT/cmake/apt_install.sh" "${missing[@]}" ||
    fail_to_fetch "the packages"
}

# Node's own modules for Emscripten come with Debian's package; ours come by the lock file.
need_npm() {
  local lock stamp="$ALCOVE_ROOT/node_modules/.alcove-lock"
  has_node || fail "Node 18 or later and npm are needed; found: $(node --version 2>/dev/null || echo none)"
  lock=$(cat "$ALCOVE_ROOT/package.json" "$ALCOVE_ROOT/package-lock.json" | sha256sum)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$lock" ]; then
    say "npm tools: as the lock file says."
    return 0
  fi
  say "npm tools: installing by the lock file ..."
  run_logged npm npm --prefix "$ALCOVE_ROOT" ci --ignore-scripts --fetch-retries=2 --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=10000 ||
    fail_to_fetch "the npm tools"
  printf '%s\n' "$lock" >"$stamp"
}

need_imgui() {
  local folder
  say "Dear ImGui: looking in the cache folder ..."
  folder=$("$ALCOVE_ROOT/cmake/fetch_imgui.sh") || exit 1
  say "Dear ImGui: $folder"
}

# build_preset PRESET SENTENCE [TARGET]: configures when needed and builds. Returns the build's status.
build_preset() {
  local preset=$1
  say "$2 (preset $preset) ..."
  cd "$ALCOVE_ROOT"
  # Ninja configures again by itself when a CMake file changed, but not when a preset did.
  if [ ! -f "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
    run_logged "configure-$preset" cmake --preset "$preset" || return 1
  fi
  run_logged "build-$preset" cmake --build --preset "$preset" ${3:+--target "$3"}
}
