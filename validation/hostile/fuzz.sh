#!/bin/sh
# Looks for inputs that a reader cannot bear: fuzz.sh [SECONDS_OF_EACH_TARGET [SEED]], 600 and the
# clock without more. What is found is printed in base64, with the target; at the end how many
# inputs were tried. REPORT is a folder that gets those which reached something new.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-600}
seed=${2:-$(date +%s)}
case $seconds$seed in
  *[!0-9]*)
    echo "fuzz.sh: SECONDS is '$seconds' and SEED is '$seed', allowed: whole numbers" >&2
    exit 2
    ;;
esac
report=${REPORT:-$(mktemp -d)}
echo "seed $seed, $seconds s for each target, report in $report"
mvn -B -q -Derrorprone.skip -pl input,catalog,formats,sweep,server -am test -Dtest='*FuzzTest' \
  -Dsurefire.failIfNoSpecifiedTests=false -Dvramcast.fuzz.report="$report" \
  -Dvramcast.fuzz.seconds="$seconds" -Dvramcast.fuzz.seed="$seed"
head -q -n 1 "$report"/*.txt | awk '{ sum += $1 } END { print sum, "inputs of", NR, "targets, no failure" }'
