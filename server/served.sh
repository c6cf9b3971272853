# Read in by scripts that ask a server: bench/load.sh, bench/storm.sh, server/schemathesis.sh. home
# is the checkout's folder.

# pin CORES COMMAND...: runs it on some cores, such as 0,1, or on all where none are named.
pin() {
  if [ -n "$1" ] && command -v taskset >/dev/null; then
    cores=$1
    shift
    exec taskset -c "$cores" "$@"
  fi
  shift
  exec "$@"
}

# serve FOLDER [OPTION...]: starts one on the cores CORES, sets server to its process and address to where it
# listens; at the end of the script it is stopped, and the folder goes.
serve() {
  served=$1
  shift
  (pin "${CORES:-}" "$home/vramcast" serve --port 0 "$@") >"$served/out" &
  server=$!
  trap 'kill $server; rm -rf "$served"' EXIT
  while ! address=$(grep -o 'http://[0-9.]*:[0-9]*' "$served/out"); do
    kill -0 $server || exit 1
    sleep 0.2
  done
}

# benchmarks: sets jar to what asks, which is to be built first.
benchmarks() {
  jar=$home/bench/target/benchmarks.jar
  if [ ! -f "$jar" ]; then
    echo "${0##*/}: bench is not built: mvn -pl bench -am package -DskipTests" >&2
    exit 2
  fi
}
