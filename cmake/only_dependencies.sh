#!/bin/bash
# The compiler's launcher where clang-tidy alone reads the sources: notes what they include, and leaves an empty object
# file, so that a source is read again when it or one of these has changed.
set -eu
for ((i = 1; i < $#; ++i)); do
  [ "${!i}" = -o ] || continue
  next=$((i + 1))
  object=${!next}
done
"$@" -E
: >"$object"
