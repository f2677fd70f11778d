#!/bin/bash
# Puts the sources of Dear ImGui into a cache folder outside the tree, and prints that folder as the last line.
#
# Debian 12 and 13 carry an ImGui that is too old for the dynamic font atlas (1.92), so the source package of a later
# suite is taken from the mirror that apt already uses, with an apt state of its own: nothing under /etc/apt or
# /var/lib/apt changes, and no root is needed. Where there is no Debian, upstream's tag is taken instead.
#
# The version that we build and test with is pinned by SHA-256: Debian's archive as a whole, upstream's tag by the files
# that we compile (cmake/imgui.sha256; Debian strips only fonts and examples, so both sources have these files). A suite
# rolls on, so a later 1.92 is accepted, with a notice: apt has checked its signature. Anything else is refused.
set -euo pipefail

readonly PINNED_VERSION=1.92.2b
readonly PINNED_SHA256=e7bd201d56b5ee90d24d5dac85e5c12f98bdb95410252a62d27b7f89e4566d48
readonly SUITES='forky sid'
readonly UPSTREAM=https://github.com/ocornut/imgui
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE

readonly CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/alcove"

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# A folder is taken as complete only when its stamp is there: it is written last, and the folder is moved in whole.
cached_folder() {
  local folder
  for folder in "$CACHE/imgui-$PINNED_VERSION" "$CACHE"/imgui-1.92.*; do
    [ -f "$folder/.alcove-complete" ] && { printf '%s\n' "$folder"; return 0; }
  done
  return 1
}

# keep VERSION FOLDER: moves an unpacked source into the cache.
keep() {
  local version=$1 folder=$2
  local kept="$CACHE/imgui-$version"
  grep -q '^#define IMGUI_VERSION  *"1\.92\.' "$folder/imgui.h" || fail "the fetched Dear ImGui is not a 1.92"
  touch "$folder/.alcove-complete"
  rm -rf "$kept"
  mv "$folder" "$kept"
  printf '%s\n' "$kept"
}

# The mirror as apt itself understands its configuration, of either format. Empty when apt has no lists.
mirror_of_apt() {
  apt-get "$@" indextargets --format '$(ORIGIN)|$(COMPONENT)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "main" && $3 == "Debian" { print $4; exit }'
}

# at_least_pinned VERSION: true for 1.92.2b and any later 1.92.
at_least_pinned() {
  [[ $1 == 1.92.* ]] && [ "$(printf '%s\n' "$PINNED_VERSION" "$1" | sort -V | head -1)" = "$PINNED_VERSION" ]
}

# fetch_from_suite SUITE MIRROR WORK: leaves the unpacked source in WORK/source and its version in WORK/version.
fetch_from_suite() {
  local suite=$1 mirror=$2 work=$3/$1
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  local -a apt
  mkdir -p "$work"/{lists/partial,cache/archives/partial,parts,download}
  printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\n' "$mirror" "$suite" >"$work/imgui.sources"
  [ ! -f "$keyring" ] || printf 'Signed-By: %s\n' "$keyring" >>"$work/imgui.sources"
  apt=(-q -o "Dir::Etc::sourcelist=$work/imgui.sources" -o "Dir::Etc::sourceparts=$work/parts"
       -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache"
       -o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none)
  apt-get "${apt[@]}" update >"$work/log" 2>&1 || return 1
  (cd "$work/download" && apt-get "${apt[@]}" source --download-only imgui) >>"$work/log" 2>&1 || return 1

  local archive version
  archive=$(find "$work/download" -name 'imgui_*.orig.tar.*' ! -name '*.asc' | head -1)
  [ -n "$archive" ] || return 1
  version=$(basename "$archive" | sed -E 's/^imgui_([^+_]*).*\.orig\.tar\..*$/\1/')
  if [ "$version" = "$PINNED_VERSION" ]; then
    printf '%s  %s\n' "$PINNED_SHA256" "$archive" | sha256sum --check --status ||
      fail "Dear ImGui $version from $suite does not have the SHA-256 that is pinned in cmake/fetch_imgui.sh"
  elif at_least_pinned "$version"; then
    say "notice: Debian $suite now has Dear ImGui $version; $PINNED_VERSION is the pinned one. Taking $version, checked by apt's signature."
  else
    say "notice: Debian $suite has Dear ImGui $version, which is not a 1.92 from $PINNED_VERSION on."
    return 1
  fi
  mkdir -p "$3/source"
  tar -xf "$archive" -C "$3/source" --strip-components=1 || fail "could not unpack $(basename "$archive") (is xz there?)"
  printf '%s\n' "$version" >"$3/version"
}

fetch_from_debian() {
  local work=$1 mirror suite
  mirror=$(mirror_of_apt)
  if [ -z "$mirror" ]; then
    # Images often drop apt's lists; a private copy tells the mirror without bringing them back.
    mkdir -p "$work/system/partial"
    apt-get -q -o "Dir::State::lists=$work/system" -o "APT::Sandbox::User=$(id -un)" update >"$work/log" 2>&1 || return 1
    mirror=$(mirror_of_apt -o "Dir::State::lists=$work/system")
  fi
  [ -n "$mirror" ] || return 1
  for suite in $SUITES; do
    say "Fetching Dear ImGui from the source packages of Debian $suite ..."
    fetch_from_suite "$suite" "$mirror" "$work" && return 0
  done
  return 1
}

# Upstream's tag, checked file by file against what Debian's pinned archive holds.
fetch_from_upstream() {
  local work=$1
  command -v git >/dev/null || return 1
  say "Fetching Dear ImGui $PINNED_VERSION from upstream's repository ..."
  rm -rf "$work/source"
  GIT_TERMINAL_PROMPT=0 git -c advice.detachedHead=false -c core.autocrlf=false clone --quiet --depth 1 \
    --branch "v$PINNED_VERSION" "$UPSTREAM" "$work/source" >"$work/log" 2>&1 || return 1
  (cd "$work/source" && sha256sum --check --status "$HERE/imgui.sha256") ||
    fail "upstream's Dear ImGui $PINNED_VERSION does not have the SHA-256 sums of cmake/imgui.sha256"
  rm -rf "$work/source/.git"
  printf '%s\n' "$PINNED_VERSION" >"$work/version"
}

if cached_folder; then exit 0; fi
mkdir -p "$CACHE"
work=$(mktemp -d "$CACHE/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
if { command -v apt-get >/dev/null && fetch_from_debian "$work"; } || fetch_from_upstream "$work"; then
  keep "$(cat "$work/version")" "$work/source"
else
  fail "could not fetch the sources of Dear ImGui, neither from Debian nor from upstream: is there a network?"
fi
