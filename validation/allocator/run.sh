#!/bin/sh
# Holds the model of PyTorch's caching allocator against the allocator itself.
#   run.sh FOLDER [LISTS [JOBS]]
# FOLDER takes the wheels' libraries, the programs, the lists and the results; wheels that are
# unpacked there already are not fetched again. Needs a JDK, Python 3 with pip, gcc and g++, and
# ./vramcast built. LISTS random lists (2000) and the lists of JOBS shipped cases (320) are played.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
[ $# -gt 0 ] || { echo "run.sh FOLDER [LISTS [JOBS]]: FOLDER is missing" >&2; exit 2; }
folder=$1 lists=${2:-2000} jobs=${3:-320}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
jar=$root/target/launcher/vramcast.jar
[ -f "$jar" ] || { echo "run ./vramcast --version first, which builds it" >&2; exit 2; }

# fetch PACKAGE==VERSION FOLDER PATTERN...: parts of a wheel
fetch() {
  package=$1 into=$2
  shift 2
  [ ! -d "$into" ] || return 0
  python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.11 \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 \
    --platform manylinux2014_x86_64 --platform manylinux1_x86_64 -d "$into.wheel" "$package"
  mkdir -p "$into"
  python3 "$here/unpack.py" "$into.wheel" "$into" "$@"
  rm -r "$into.wheel"
}

programs=
for torch in 2.6.0 2.9.0 2.13.0 2.15.0; do
  site=$folder/torch-$torch
  fetch "torch==$torch" "$site" torch/lib/libc10.so torch/lib/libc10_cuda.so torch/include/c10 \
    torch/include/torch/headeronly torch/version.py
  case $torch in
    2.6.*|2.9.*)
      fetch nvidia-cuda-runtime-cu12==12.8.90 "$folder/runtime-12" nvidia
      fetch nvidia-cuda-nvcc-cu12==12.8.93 "$folder/crt-12" nvidia/cuda_nvcc/include
      include=$folder/runtime-12/nvidia/cuda_runtime/include
      more=$folder/crt-12/nvidia/cuda_nvcc/include ;;
    *)
      fetch nvidia-cuda-runtime==13.0.96 "$folder/runtime-13" nvidia
      fetch nvidia-cuda-crt==13.0.88 "$folder/crt-13" nvidia
      include=$folder/runtime-13/nvidia/cu13/include
      more=$folder/crt-13/nvidia/cu13/include ;;
  esac
  "$here/build.sh" "$site" "$folder/program-$torch" "$include" "$more"
  programs="$programs $torch=$folder/program-$torch/replay"
done

proof() { java -XX:+UseSerialGC -Xmx3g -cp "$jar" dev.vramcast.validation.allocator.AllocatorProof "$@"; }
rm -rf "$folder/random" "$folder/jobs"
proof random "$folder/random" "$lists"
proof jobs "$folder/jobs" "$jobs"
failed=0
for kind in random jobs; do
  echo "$kind"
  # shellcheck disable=SC2086
  python3 "$here/prove.py" "$folder/$kind" "$jar" "$folder/$kind.jsonl" $programs || failed=1
done
exit $failed
