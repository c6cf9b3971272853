#!/bin/sh
# Holds the laws of estimates against random jobs: laws.sh [JOBS_OF_ALL_LAWS [SEED]], a million and
# the clock without more; no two laws try the same jobs. A job that breaks one is shrunk and shown,
# with what runs it again; at the end how many were tried.
set -eu
cd "$(dirname "$0")/../.."
jobs=${1:-1000000}
seed=${2:-$(date +%s)}
case $jobs$seed in
  *[!0-9]*)
    echo "laws.sh: JOBS is '$jobs' and SEED is '$seed', allowed: whole numbers" >&2
    exit 2
    ;;
esac
# What verify tries of all laws, of which so many percent are tried here; of those that look at whole
# answers, which take a hundred times as long, a twentieth.
usual=9000
percent=$(((jobs * 100 + usual - 1) / usual))
report=$(mktemp)
said=$(mktemp)
trap 'rm "$report" "$said"' EXIT
failed=no
echo "seed $seed, $percent % of the usual number of jobs"
# A law that fails does not keep the others from being tried.
laws() {
  mvn -B -q -Derrorprone.skip -pl "$1" -am test -Dtest="$2" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dtests.parallel=true -Dtests.jvm=-Xmx2g \
    -Dvramcast.property.report="$report" -Dvramcast.property.percent="$3" \
    -Dvramcast.property.seed="$seed" \
    -Dmaven.test.failure.ignore=true >"$said" 2>&1 || { cat "$said"; exit 1; }
  cat "$said"
  ! grep -q 'Tests run:.*\(Failures: [1-9]\|Errors: [1-9]\)' "$said" || failed=some
}
laws core,formats '*PropertiesTest,ResolutionPropertyTest,LifePropertyTest,RoundTripTest' "$percent"
laws sweep,server 'RowPropertiesTest,FitPropertiesTest,SameAsCommandsTest,SameAnswerTest' \
  $((percent / 20 + 1))
awk -v failed="$failed" '{ sum += $1 } END { print sum, "jobs by", NR, "laws,", failed, "failure" }' "$report"
[ "$failed" = no ]
