#!/bin/sh
# Compares the speed of two commits in one run, and fails where the second is slower by over 15 %.
#   compare.sh BASE [COMMIT [METHOD...]]
# COMMIT is HEAD where none is given; METHOD are those of EstimateBenchmark, all that both commits
# have where none is given. Needs git, Maven and a JDK. The benchmarks of a commit are built once and
# kept in target/compare. Each figure is the least processor time of a call in runs that alternate
# (ROUNDS=3 of SECONDS_EACH=2), up to three times as many where one seems slower.
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
root=$(CDPATH='' cd "$here/../.." && pwd)
folder=$root/target/compare
limit=1.15
seconds=${SECONDS_EACH:-2}
rounds=${ROUNDS:-3}

refuse() {
  echo "compare.sh: $1" >&2
  exit 2
}

commit() {
  git -C "$root" rev-parse --verify --quiet "$1^{commit}" || refuse "no commit is called $1"
}

# build COMMIT: its benchmarks, in a checkout of its own that is removed again
build() {
  jar=$folder/$1.jar
  [ ! -f "$jar" ] || return 0
  echo "building $1" >&2
  tree=$folder/tree-$1
  rm -rf "$tree"
  git -C "$root" worktree prune
  git -C "$root" worktree add --quiet --detach "$tree" "$1"
  if (cd "$tree" && mvn -q -B -DskipTests -Derrorprone.skip -pl bench -am package) \
    >"$folder/build.log" 2>&1 </dev/null; then
    cp "$tree/bench/target/benchmarks.jar" "$jar.new"
    mv -f "$jar.new" "$jar"
  else
    cat "$folder/build.log" >&2
  fi
  git -C "$root" worktree remove --force "$tree"
  [ -f "$jar" ] || refuse "the benchmarks of $1 do not build, see above"
}

# methods COMMIT: of its benchmark, one a line
methods() {
  git -C "$root" show "$1:bench/src/main/java/dev/vramcast/bench/EstimateBenchmark.java" |
    grep -A 1 '@Benchmark' | sed -n 's/^  public .* \([a-z_]*\)() {$/\1/p'
}

# least JAR METHOD JOB: microseconds, of calls that wait for the compilers: on a busy machine the
# seconds are over before these have had their turn, and more code looks like slower code
least() {
  java -Xbatch -XX:+UseSerialGC -Xmx1g -cp "$1" "$here/LeastTime.java" EstimateBenchmark "$2" "$seconds" "job=$3"
}

# judge JOB METHOD: a line about the least of pairs of times; fails where the second is slower
judge() {
  awk -v job="$1" -v method="$2" -v limit="$limit" '
    NR == 1 || $1 < a { a = $1 }
    NR == 1 || $2 < b { b = $2 }
    END {
      ratio = b / a
      slower = ratio > limit ? "  slower" : ""
      printf "%-22s %-20s %12.2f %12.2f %8.2f%s\n", job, method, a, b, ratio, slower
      exit ratio > limit
    }'
}

[ $# -gt 0 ] || refuse "BASE is missing: compare.sh BASE [COMMIT [METHOD...]]"
case $seconds$rounds in *[!0-9]*) refuse "SECONDS_EACH and ROUNDS are whole numbers" ;; esac
base=$(commit "$1")
head=$(commit "${2:-HEAD}")
[ $# -lt 2 ] && shift || shift 2
others=$(methods "$head")
known=$(methods "$base" | grep -Fx "$others")
# shellcheck disable=SC2086  # one word each
[ $# -gt 0 ] || set -- $known
for method in "$@"; do
  echo "$known" | grep -qx "$method" || refuse "no method is called $method"
done
mkdir -p "$folder"
build "$base"
build "$head"

failed=0
printf '%-22s %-20s %12s %12s %8s\n' job method "base, us" "commit, us" ratio
for job in QLORA_CHECKPOINTED LORA FULL_AUTOCAST MIXTURE_QLORA; do
  for method in "$@"; do
    times=
    tries=0
    while :; do
      round=0
      while [ "$round" -lt "$rounds" ]; do
        one=$(least "$folder/$base.jar" "$method" "$job")
        other=$(least "$folder/$head.jar" "$method" "$job")
        times="$times$one $other
"
        round=$((round + 1))
      done
      tries=$((tries + 1))
      if line=$(printf %s "$times" | judge "$job" "$method"); then
        break
      fi
      [ "$tries" -lt 3 ] || {
        failed=1
        break
      }
    done
    printf '%s\n' "$line"
  done
done
exit $failed
