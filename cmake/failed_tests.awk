# The tests that failed, of a TAP log of Node's test runner: FILE:LINE:COLUMN: NAME, a line each. A suite that failed
# because one of its tests did is not told. With skips set, those that were skipped are told, too.
/^ *(not ok|ok) [0-9]+ - / {
  name = $0
  skipped = sub(/ # SKIP.*$/, " (skipped)", name)
  told = $1 == "not" || (skipped && skips != "")
  sub(/^ *(not )?ok [0-9]+ - /, "", name)
  place = ""
  next
}
told && /^ *location: / {
  place = $0
  sub(/^ *location: '/, "", place)
  sub(/'$/, ": ", place)
  if (index(place, root) == 1) place = substr(place, length(root) + 1)
  next
}
told && /^ *failureType: 'subtestsFailed'$/ { told = 0 }
told && /^ *\.\.\.$/ {
  print place name
  told = 0
}
