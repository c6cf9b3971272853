#!/bin/sh
# Makes the wheels in target/wheels out of what Maven built, and builds that where it is missing.
#   build.sh           the program
#   build.sh --parts   the tokenizer and Parquet too
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)

modules=cli,server
[ ! -f "$root/web/pom.xml" ] || modules=$modules,web
case " $* " in *" --parts "*) modules=$modules,tokenizer,parquet ;; esac
missing=
for module in $(echo "$modules" | tr ',' ' '); do
  jar=$root/$module/target/vramcast-$module.jar
  [ "$module" != cli ] || jar=$root/cli/target/vramcast.jar
  [ -f "$jar" ] || missing=yes
done
if [ -n "$missing" ]; then
  (cd "$root" && mvn -q -B -DskipTests -Derrorprone.skip -pl "$modules" -am package)
fi
exec "${PYTHON:-python3}" build.py "$@"
