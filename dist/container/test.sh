#!/bin/bash
# Runs the container as its Dockerfile says: by Docker where its daemon answers, else in a Debian of
# debootstrap's with chroot, as root of a Linux. Needs the archive of dist/image/build.sh.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
port=18383
most_mib=150
debian=${DEBIAN:-bookworm}

fail() {
  echo "test.sh: $1" >&2
  exit 1
}

ask() {
  curl -sS -m 30 "http://127.0.0.1:$port$1" "${@:2}"
}

# What is asked of a server, however it was started.
hold() {
  for _ in $(seq 60); do
    ask /health >/dev/null 2>&1 && break
    sleep 1
  done
  ask / | grep '<title>Vramcast' >/dev/null || fail "the page is not served"
  ask /api/v1/fit -H 'Content-Type: application/json' \
    -d '{"job": {"model": {"id": "llama-3.1-8b"}, "hardware": {"gpu": "rtx-4090"}, "method": "qlora"}}' |
    grep '"verdict"' >/dev/null || fail "fit has no verdict"
}

# Both bills of materials, each with what is in the container alone: its Java, and its Debian.
bills() {
  "$@" /opt/vramcast/sbom.cdx.json | grep '"name": "openjdk"' >/dev/null || fail "the bill lacks the Java"
  "$@" /opt/vramcast/debian.cdx.json | grep '"name": "libc6"' >/dev/null || fail "the bill lacks Debian"
}

if docker info >/dev/null 2>&1; then
  docker build -q -f Dockerfile -t vramcast-test "$root"
  id=$(docker run -d --rm --read-only --tmpfs /tmp -p "127.0.0.1:$port:8383" vramcast-test)
  trap 'docker stop -t 2 "$id" >/dev/null' EXIT
  hold
  bills docker exec "$id" cat
  docker exec "$id" /opt/vramcast/bin/health || fail "the health check fails"
  echo "container: runs in Docker"
  exit 0
fi

[ "$(id -u)" = 0 ] || fail "no Docker daemon, and chroot needs root"
archive=$(ls "$root"/dist/image/target/vramcast-*-linux-*.tar.gz 2>/dev/null) ||
  fail "no archive: run dist/image/build.sh"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
mkdir -p target
[ -f target/base.tar ] || {
  debootstrap --variant=minbase "$debian" target/base >target/debootstrap.log 2>&1 ||
    fail "debootstrap failed: see target/debootstrap.log"
  tar -C target/base -cf target/base.tar.part .
  mv target/base.tar.part target/base.tar
  rm -rf target/base
}
rm -rf target/root
mkdir target/root
tar -C target/root -xf target/base.tar
cp -r . "$archive" target/root/tmp/ 2>/dev/null || true
rm -rf target/root/tmp/target
before=$(du -sm target/root/opt target/root/usr | awk '{ sum += $1 } END { print sum }')

export port
export -f fail ask hold bills
export archive most_mib before
unshare --mount --pid --fork --kill-child --mount-proc bash -euo pipefail -c '
  mount -t proc proc target/root/proc
  mount -t devtmpfs dev target/root/dev 2>/dev/null || mount --rbind /dev target/root/dev
  chroot target/root sh /tmp/install.sh "/tmp/$(basename "$archive")"
  after=$(du -sm target/root/opt target/root/usr | awk "{ sum += \$1 } END { print sum }")
  [ $((after - before)) -lt "$most_mib" ] || fail "it takes $((after - before)) MiB"
  echo "container: $((after - before)) MiB besides its Debian"

  # The root read-only, as with docker run --read-only --tmpfs /tmp.
  mount --rbind target/root target/root
  mount -o remount,bind,ro target/root
  mount -t tmpfs tmpfs target/root/tmp
  run() {
    chroot --userspec=1000:1000 target/root /usr/bin/env -i HOME=/tmp PATH=/usr/bin:/bin \
      XDG_CACHE_HOME=/opt/vramcast/cache "$@"
  }
  ! run /bin/sh -c "echo x >/opt/vramcast/x" 2>/dev/null || fail "the root can be written"
  bills run cat
  run /opt/vramcast/bin/vramcast fit --offline --model llama-3.1-8b --gpu rtx-4090 |
    grep "[Ff]its" >/dev/null || fail "fit does not answer"
  run /opt/vramcast/bin/vramcast serve --bind 127.0.0.1 --port "$port" &
  hold
  run /opt/vramcast/bin/health "$port" || fail "the health check fails"
  ! run /opt/vramcast/bin/health 1 2>/dev/null || fail "the health check never fails"
'
echo "container: runs in a chroot, without root, on a read-only root"
