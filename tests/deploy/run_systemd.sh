#!/bin/bash
# run_systemd.sh [ALCOVE [WEB]]: the units of web/deploy under a systemd that runs, on the commands of docs/OPERATING.md.
#
# By hand, as it downloads a Debian 12 and boots it, in a network of its own. As root, on Debian 12; the packages
# mmdebstrap, systemd-container, python3 and curl. ALCOVE is the release build, WEB its web files. Here and below, "in it"
# means in that system. The last line says how it went; status 1 where something did not hold.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
alcove=$(realpath "${1:-$root/build/release/bin/alcove}")
web=$(realpath "${2:-$root/build/web}")
deploy=$root/web/deploy
work=$(mktemp -d "${TMPDIR:-/tmp}/alcove-systemd.XXXXXX")
nspawn=
leave() {
  [ -z "$nspawn" ] || { kill "$nspawn" 2>/dev/null && wait "$nspawn" || true; }
  rm -rf "$work"
}
trap leave EXIT
fail() { echo "run_systemd.sh: $*" >&2; exit 1; }
expect() { [ "$2" = "$3" ] || fail "$1: expected $2, got $3"; echo "$1: $3"; }
in_it() { nsenter -t "$init" -m -p -i -u -n -- "$@"; }
# The network alone is in it.
from_it() { nsenter -t "$init" -n -- "$@"; }
status_of() { from_it curl -sS -o /dev/null -m 20 -w '%{http_code}' "$1"; }

echo "Making a Debian 12 ..."
libraries=$(sed -n '/debian:12-slim/,$ { /install/,/&&/p }' "$deploy/Containerfile" | grep -oE '\blib[a-z0-9.+-]+' | paste -sd,)
sources=$(compgen -G '/etc/apt/sources.list.d/*.sources' | head -n 1 || true)
mmdebstrap --quiet --variant=minbase --include="systemd,systemd-sysv,$libraries" bookworm "$work/root" "${sources:-/etc/apt/sources.list}"
cp "$alcove" "$work/root/usr/bin/alcove"
mkdir -p "$work/root/usr/share/alcove"
cp -r "$web" "$work/root/usr/share/alcove/web"
cp "$deploy/alcove.service" "$deploy/alcove.socket" "$work/root/etc/systemd/system/"
# Who runs this may not have as many to give.
descriptors=$(ulimit -Hn)
if [ "$descriptors" != unlimited ] && [ "$descriptors" -lt "$(sed -n 's/^LimitNOFILE=//p' "$deploy/alcove.service")" ]; then
  mkdir "$work/root/etc/systemd/system/alcove.service.d"
  printf '[Service]\nLimitNOFILE=%s\n' "$descriptors" >"$work/root/etc/systemd/system/alcove.service.d/limit.conf"
fi

echo "Booting it ..."
systemd-nspawn --quiet --directory "$work/root" --register=no --keep-unit --private-network --boot >"$work/boot.log" 2>&1 &
nspawn=$!
for _ in $(seq 600); do
  init=$(pgrep -P "$nspawn" || true)
  [ -z "$init" ] || ! in_it systemctl is-active --quiet multi-user.target 2>/dev/null || break
  kill -0 "$nspawn" 2>/dev/null || fail "it did not boot: $(tail -n 3 "$work/boot.log")"
  sleep 0.1
done
in_it systemctl enable --quiet --now alcove.socket

# Before anybody came there is no service.
expect "the service before the first who comes" inactive "$(in_it systemctl is-active alcove.service || true)"
expect "the page of the first who comes" 200 "$(status_of http://127.0.0.1:8080/console)"
expect "the service then" active "$(in_it systemctl is-active alcove.service)"
expect "readiness" 200 "$(status_of http://127.0.0.1:8081/readyz)"

echo "Making a site and an agent as root ..."
in_it alcove admin put sites/sit_shop '{"name":"Shop","greeting":"How can we help?","allowed_origins":["https://shop.example"],
  "appearance":{"accent":"#2a6f4f","position":"right"}}' --data /var/lib/alcove
in_it alcove admin put agents/agt_01ARZ3NDEKTSV4RRFFQ69G5FAV '{"name":"Mara","email":"mara@shop.example","role":"owner"}' --data /var/lib/alcove
expect "the script of the site" 200 "$(status_of 'http://127.0.0.1:8080/loader.js?site=sit_shop')"
owner=$(in_it stat -c %u /var/lib/private/alcove)
expect "files of another than the service's user" "" "$(in_it find /var/lib/private/alcove ! -uid "$owner")"

# hammer SECONDS [MAY_BE_CUT]: 20 clients that connect anew for each request. Nobody may be refused, or wait long.
hammer() { from_it python3 "$root/tests/deploy/hammer.py" 127.0.0.1 8080 "$@"; }
echo "Restarting it three times under 20 clients ..."
hammer 10 &
clients=$!
for _ in 1 2 3; do sleep 2; in_it systemctl restart alcove.service; done
wait "$clients" || fail "somebody was refused in a restart"
echo "Killing it under 20 clients ..."
hammer 6 20 &
clients=$!
sleep 2
in_it systemctl kill --signal KILL alcove.service
wait "$clients" || fail "somebody was refused after it was killed"
expect "the service after it was killed" active "$(in_it systemctl is-active alcove.service)"

echo "Restoring a backup ..."
in_it alcove backup --data /var/lib/alcove --to /srv/alcove.backup
in_it systemctl stop alcove.socket alcove.service
in_it mv /var/lib/private/alcove /var/lib/private/before
in_it alcove restore --from /srv/alcove.backup --data /var/lib/private/alcove
in_it bash -c 'chown -R $(stat -c %u:%g /var/lib/private/before) /var/lib/private/alcove'
in_it systemctl start alcove.socket
expect "the script of the site" 200 "$(status_of 'http://127.0.0.1:8080/loader.js?site=sit_shop')"
in_it alcove verify --data /var/lib/alcove

in_it systemd-analyze security alcove.service --no-pager | tail -n 1
in_it systemctl stop alcove.socket alcove.service
expect "how it ended" success "$(in_it systemctl show --property=Result --value alcove.service)"
echo "All of it held."
