#!/bin/sh
# Takes what there is newer of what is within, and shows what changed: updates.sh [--look]. The
# working tree is changed, and is to be tested and looked at before it is committed; with --look
# nothing is, and what could change is listed.
set -eu
home=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P)
cd "$home"
versions=org.codehaus.mojo:versions-maven-plugin:2.22.0
# Betas and the like are for nobody who ships.
unready='(?i).*[.-](alpha|beta|rc|cr|m|preview|ea|snapshot)[.\d-]*.*'
case ${1:-} in
  --look)
    mvn -B -q -N "$versions:display-property-updates" -Dmaven.version.ignore="$unready" \
      -Dversions.outputFile="$home/target/updates.txt"
    grep ' -> ' target/updates.txt || echo "Maven: nothing is newer"
    for folder in web browser; do
      (cd "$folder" && npm outdated) || true
    done
    ;;
  '')
    if [ -n "$(git status --porcelain)" ]; then
      echo "updates.sh: the working tree has changes that are not committed" >&2
      exit 2
    fi
    mvn -B -q -N "$versions:update-properties" -Dmaven.version.ignore="$unready" \
      -DgenerateBackupPoms=false -DallowMajorUpdates=false
    for folder in web browser; do
      (cd "$folder" && npm update --save --ignore-scripts)
    done
    python3 dist/supply/changes.py
    ;;
  *)
    echo "updates.sh: unknown argument '$1', allowed: --look" >&2
    exit 2
    ;;
esac
