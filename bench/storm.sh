#!/bin/sh
# Asks a server on this machine for more than it can answer, and tells what came of it: storm.sh
# [RATE [SECONDS [SLOW_CLIENTS]]], 1,000 different estimates a second for 20 seconds and 500 clients
# that never end their request. The server listens to other machines meanwhile, as one does that has
# such crowds, and has rehearsed. Needs bench built: mvn -pl bench -am package -DskipTests.
# CORES, such as 0,1, are those of the server; STORM_CORES those of what asks.
set -eu
home=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)

. "$home/server/served.sh"
benchmarks
serve "$(mktemp -d)" --bind 0.0.0.0
storm() {
  (pin "${STORM_CORES:-}" java -XX:+UseSerialGC -cp "$jar" \
    dev.vramcast.bench.Storm "$address" "$1" "$2" "$3" "$server")
}
echo "warm-up" && storm "${1:-1000}" 15 0
echo "measured" && storm "${1:-1000}" "${2:-20}" "${3:-500}"
