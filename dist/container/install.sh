#!/bin/sh
# Lays an archive of dist/image into a Debian that has nothing else: install.sh ARCHIVE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin vramcast
mkdir -p /opt/vramcast/cache
tar -xzf "$1" -C /opt/vramcast --strip-components=1
cp "$here/health.sh" /opt/vramcast/bin/health
chmod 755 /opt/vramcast/bin/health

# The archive has a bill of its own; this is that of the Debian beside it.
dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' | awk '
  BEGIN { print "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"version\": 1, \"components\": [" }
  {
    version = $2
    gsub(/:/, "%3A", version)
    gsub(/\+/, "%2B", version)
    printf "%s  {\"type\": \"library\", \"name\": \"%s\", \"version\": \"%s\",", between, $1, $2
    printf " \"purl\": \"pkg:deb/debian/%s@%s?arch=%s\"}", $1, version, $3
    between = ",\n"
  }
  END { print "\n]}" }' >/opt/vramcast/debian.cdx.json

# Where the root is read-only no archive of classes can be made beside the first answer.
export XDG_CACHE_HOME=/opt/vramcast/cache HOME=/tmp
/opt/vramcast/bin/vramcast --version
waited=0
until ls /opt/vramcast/cache/vramcast/*.jsa >/dev/null 2>&1; do
  waited=$((waited + 1))
  [ "$waited" -lt 600 ] || { echo "install.sh: no archive of classes was made" >&2; exit 1; }
  sleep 1
done
chmod -R a+rX /opt/vramcast
