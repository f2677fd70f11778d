#!/bin/bash
# As root: apt_install.sh PACKAGE... installs them by apt. No service that comes with one is started, neither now nor with
# the machine: the tests start their own. A service that was there before stays as it is.
set -eu

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  # What maintainers' scripts ask before they start a service (/usr/share/doc/init-system-helpers/README.policy-rc.d.gz).
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"

command -v systemctl >/dev/null || exit 0
for service in caddy haproxy lighttpd nginx postgresql; do
  case " $* " in
    *" $service "*) systemctl disable "$service.service" ;;
  esac
done
