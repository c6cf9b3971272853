#!/bin/sh
# Looks for inputs that a reader cannot bear: fuzz.sh [INPUTS_OF_EACH_TARGET [SEED]], 20,000 and the
# clock without more, a million in all. What is found is printed in base64, with the target; at the
# end how many inputs were tried. REPORT is a folder that gets those which reached something new.
# MODULES are those whose targets are tried, separated by commas, and TARGET is one that alone is, as
# a finding names it; all without more.
set -eu
cd "$(dirname "$0")/../.."
inputs=${1:-20000}
seed=${2:-$(date +%s)}
case $inputs$seed in
  *[!0-9]*)
    echo "fuzz.sh: INPUTS is '$inputs' and SEED is '$seed', allowed: whole numbers" >&2
    exit 2
    ;;
esac
report=${REPORT:-$(mktemp -d)}
echo "seed $seed, $inputs inputs for each target, report in $report"
said=$(mktemp)
trap 'rm "$said"' EXIT
# A failure of one module does not keep the others from being tried.
mvn -B -q -Derrorprone.skip -pl "${MODULES:-input,catalog,formats,sweep,server}" -am test -Dtest='*FuzzTest' \
  -Dsurefire.failIfNoSpecifiedTests=false -Dvramcast.fuzz.report="$report" \
  -Dvramcast.fuzz.target="${TARGET:-}" -Dvramcast.fuzz.inputs="$inputs" -Dvramcast.fuzz.seed="$seed" \
  -Dmaven.test.failure.ignore=true >"$said" 2>&1 || { cat "$said"; exit 1; }
cat "$said"
failed=no
! grep -q 'Tests run:.*\(Failures: [1-9]\|Errors: [1-9]\)' "$said" || failed=some
head -q -n 1 "$report"/*.txt |
  awk -v failed="$failed" '{ sum += $1 } END { print sum, "inputs of", NR, "targets,", failed, "failure" }'
[ "$failed" = no ]
