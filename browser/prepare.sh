#!/bin/sh
# Gets what the browser tests need: Chromium from Debian's packages, and by npm the driver of
# Playwright and axe-core. What cannot be had is named in target/missing, which the tests read.
set -eu
cd "$(dirname "$0")"
mkdir -p target
rm -f target/missing

missing() {
  echo "$1" >target/missing
  exit 0
}

if ! node --version >/dev/null 2>&1 || ! command -v npm >/dev/null; then
  missing "Node with npm, which builds the page and drives the browser"
fi
if ! cmp -s package-lock.json target/installed-lock.json || [ ! -d node_modules ]; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json target/installed-lock.json
fi
mkdir -p target/driver
ln -sfn ../../node_modules/playwright-core target/driver/package
ln -sf "$(command -v node)" target/driver/node

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}
if ! find_chromium >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "vramcast: installing Chromium for the browser tests"
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install chromium; } \
    >target/apt.log 2>&1 || true
fi
find_chromium >target/chromium || missing "Chromium: apt-get install chromium, as root"
