#!/bin/sh
# Runs a script of package.json with the machine's own Node. Without one the page is left out.
set -eu
cd "$(dirname "$0")"

version=$(node --version 2>/dev/null) || version=none
supported() {
  number=${version#v}
  major=${number%%.*}
  minor=${number#*.}
  minor=${minor%%.*}
  case $version in
    v[0-9]*) [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; } ;;
    *) false ;;
  esac
}

if ! supported || ! command -v npm >/dev/null; then
  [ "$1" = test ] ||
    echo "vramcast: the page is left out: it needs Node 20.19 or newer with npm, found node $version"
  rm -rf target/page target/classes/dev/vramcast/web
  exit 0
fi

# What is installed is kept as long as the lock file says the same and npm's own list is there.
mkdir -p target
if ! cmp -s package-lock.json target/installed-lock.json || [ ! -f node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json target/installed-lock.json
fi
# Files have names of their own in every build: none of an earlier one is packed.
[ "$1" != build ] || rm -rf target/classes/dev/vramcast/web
npm run --silent "$1"
