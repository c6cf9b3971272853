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
said=$(mktemp)
trap 'rm "$said"' EXIT
# A failure of one module does not keep the others from being tried.
mvn -B -q -Derrorprone.skip -pl input,catalog,formats,sweep,server -am test -Dtest='*FuzzTest' \
  -Dsurefire.failIfNoSpecifiedTests=false -Dvramcast.fuzz.report="$report" \
  -Dvramcast.fuzz.seconds="$seconds" -Dvramcast.fuzz.seed="$seed" \
  -Dmaven.test.failure.ignore=true >"$said" 2>&1 || { cat "$said"; exit 1; }
cat "$said"
failed=no
! grep -q 'Tests run:.*\(Failures: [1-9]\|Errors: [1-9]\)' "$said" || failed=some
head -q -n 1 "$report"/*.txt |
  awk -v failed="$failed" '{ sum += $1 } END { print sum, "inputs of", NR, "targets,", failed, "failure" }'
[ "$failed" = no ]
