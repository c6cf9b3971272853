#!/bin/sh
# Runs Slurm's plugin in Lua, on the program out of dist/pypi/target/wheels, and has SkyPilot read its
# task. Takes lupa and skypilot from the registry.
set -eu
cd "$(dirname "$0")"
wheels=$PWD/../pypi/target/wheels
venv=$PWD/target/venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q --disable-pip-version-check --find-links "$wheels" vramcast lupa skypilot
exec env PATH="$venv/bin:$PATH" "$venv/bin/python" -m unittest -v test_launch
