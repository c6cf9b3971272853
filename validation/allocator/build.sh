#!/bin/sh
# Builds the fake CUDA runtime and the program that plays lists of operations, against one PyTorch.
#   build.sh SITE_PACKAGES OUT CUDA_INCLUDE [MORE_INCLUDE]
# Of PyTorch only libc10.so, libc10_cuda.so and the headers of c10 are needed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
site=$1 out=$2 include=$3
more=${4:+-I$4}
cuda=$(sed -n "s/^cuda.*= '\([0-9]*\)\..*/\1/p" "$site/torch/version.py")
# The wheels of PyPI up to 2.6 were built with the old ABI of libstdc++.
case $(sed -n "s/^__version__ = '\([0-9.]*\).*/\1/p" "$site/torch/version.py") in
  2.[0-6].*) abi=0 ;;
  *) abi=1 ;;
esac
mkdir -p "$out"
echo "libcudart.so.$cuda { global: *; };" > "$out/map"
gcc -O2 -Wall -fPIC -shared -I"$include" $more -Wl,-soname,"libcudart.so.$cuda" \
  -Wl,--version-script="$out/map" -o "$out/libcudart.so.$cuda" \
  "$here/native/fakecudart.c" "$here/native/fakenever.c"
gcc -O2 -Wall -fPIC -shared -Wl,-soname,libnvidia-ml.so.1 -o "$out/libnvidia-ml.so.1" \
  "$here/native/fakenvml.c"
gcc -O2 -Wall -fPIC -shared -Wl,-soname,libcuda.so.1 -o "$out/libcuda.so.1" \
  "$here/native/fakecuda.c" -Wl,--no-as-needed "$out/libcudart.so.$cuda" -Wl,-rpath,"$out"
# The fakes come first among the needed libraries: their sonames are then loaded when
# libc10_cuda.so asks for them.
g++ -O2 -std=c++20 -D_GLIBCXX_USE_CXX11_ABI=$abi -I"$site/torch/include" -I"$include" $more \
  -o "$out/replay" "$here/native/replay.cpp" -Wl,--no-as-needed "$out/libcudart.so.$cuda" \
  "$out/libnvidia-ml.so.1" "$out/libcuda.so.1" -L"$site/torch/lib" -lc10_cuda -lc10 -Wl,--allow-shlib-undefined \
  -Wl,--disable-new-dtags,-rpath,"$out:$site/torch/lib"
