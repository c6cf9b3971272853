#!/bin/sh
# Asks a server on this machine for 1,000 estimates a second, for half a minute, after a warm-up.
# Usage: bench/load.sh [RATE [SECONDS [JOBS]]], JOBS is how many different ones are asked for.
# CORES, such as 0,1, are those of the server; LOAD_CORES those of what asks.
set -eu
home=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)
rate=${1:-1000}
seconds=${2:-30}
jobs=${3:-1000000}

. "$home/server/served.sh"
benchmarks
serve "$(mktemp -d)"

load() {
  (pin "${LOAD_CORES:-}" java -XX:+UseSerialGC -cp "$jar" \
    dev.vramcast.bench.Load "$address" "$@" 32 "$jobs")
}
echo "warm-up" && load $((rate / 2)) 20
echo "measured" && load "$rate" "$seconds"
