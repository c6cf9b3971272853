#!/bin/sh
# Runs vramcast with the Java beside it.
set -eu

# The folder of this script, behind any symbolic links.
script=$0
while [ -L "$script" ]; do
  link=$(readlink "$script")
  case $link in
    /*) script=$link ;;
    *) script=$(dirname "$script")/$link ;;
  esac
done
lib=$(CDPATH='' cd "$(dirname "$script")/../lib" && pwd -P)
java=${VRAMCAST_JAVA:-$lib/runtime/bin/java}
path=$lib/vramcast.jar:$lib/vramcast-server.jar:$lib/vramcast-web.jar

# Class-data sharing halves the start. The archive is made beside the first answer, in the user's cache
# folder; without one all works the same, only slower. Its name changes with the jars.
stamp=$(ls -l "$lib/vramcast.jar" "$lib/vramcast-server.jar" "$java" | cksum | tr -d ' ')
cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}/vramcast
archive=$cache/image-$stamp.jsa
make_archive() {
  lock=$archive.lock
  mkdir -p "$cache" && mkdir "$lock" || return 0
  sleep 2
  nice "$java" -Xshare:off -XX:DumpLoadedClassList="$lock/classes" -cp "$path" \
    dev.vramcast.cli.WarmUp tools &&
    nice "$java" -Xshare:dump -XX:SharedClassListFile="$lock/classes" \
      -XX:SharedArchiveFile="$lock/new" -cp "$path" &&
    mv -f "$lock/new" "$archive"
  rm -rf "$lock"
}
[ -f "$archive" ] || (make_archive >/dev/null 2>&1 </dev/null &)

columns=
if [ -t 1 ]; then
  size=$(stty size 2>/dev/null </dev/tty) || size=
  columns=${size#* }
  columns=${columns:-100}
fi
# The first compiler alone and one collecting thread are best for a short run, and too slow for a
# long one; most of what a short run calls does not pay for being compiled, but for long loops. A
# sweep's rows and a server's answers die young, so a nursery of a fixed size keeps their memory
# flat. A server's classes pass what starts a collection of everything without more.
tiers='-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=4 -XX:Tier3BackEdgeThreshold=5000'
collector=-XX:+UseSerialGC
case ${1:-} in
  plan) tiers=-XX:TieredStopAtLevel=1 ;;
  validate | mcp) tiers=-XX:+TieredCompilation ;;
  serve)
    tiers=-XX:+TieredCompilation
    collector='-XX:+UseSerialGC -Xms128m -Xmn64m -XX:MetaspaceSize=48m'
    export MALLOC_ARENA_MAX=2
    ;;
  sweep)
    tiers=-XX:+TieredCompilation
    collector='-XX:+UseParallelGC -Xmn256m'
    ;;
esac
# Where it was made to lie the archive needs no change of its addresses; a server hides them.
place=
[ "${1:-}" = serve ] ||
  place='-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0'
exec "$java" -XX:SharedArchiveFile="$archive" -Xshare:auto $place -Xlog:disable \
  -XX:-UsePerfData $collector $tiers -Dvramcast.columns="$columns" -cp "$path" dev.vramcast.cli.Vramcast "$@"
