#!/bin/sh
# Holds the laws of estimates against random jobs: laws.sh [JOBS_OF_ALL_LAWS [SEED]], a million and
# the clock without more. A job that breaks one is shrunk and shown, with what runs it again.
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
# What verify tries of all laws, of which so many percent are tried here.
usual=4000
percent=$(((jobs * 100 + usual - 1) / usual))
echo "seed $seed, $percent % of the usual number of jobs"
exec mvn -B -q -Derrorprone.skip -pl core,sweep -am test \
  -Dtest='*PropertiesTest,ResolutionPropertyTest,SameAsCommandsTest' \
  -Dsurefire.failIfNoSpecifiedTests=false \
  -Dvramcast.property.percent="$percent" -Dvramcast.property.seed="$seed"
