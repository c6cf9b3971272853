#!/bin/sh
# Makes the virtual environments and the libraries that stand in for a GPU.
#   ./setup.sh [5|4.57|4.45]...     5 and 4.57 without arguments; needs Python 3.11 or newer, cc and c++
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
[ $# -gt 0 ] || set -- 5 4.57

mkdir -p "$here/native/built"
cc -shared -fPIC -O1 -o "$here/native/built/libcuda.so.1" "$here/native/no_driver.c"
c++ -shared -fPIC -O1 -std=c++17 -o "$here/native/built/pretend_device.so" \
  "$here/native/pretend_device.cpp"

for line; do
  environment=$here/.venv/$line
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check \
    -r "$here/requirements/transformers-$line.txt" -r "$here/requirements/tests.txt"
done
