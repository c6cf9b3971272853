#!/bin/bash
# Makes all of a release into dist/target/release, and checks it in a clean place: wheels, archives of
# this platform, bills of materials, SHA256SUMS. Needs a JDK with jlink, Node, Python 3.10 or later and
# a clean checkout; nothing is uploaded.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() {
  echo "release.sh: $1" >&2
  exit 1
}

[ -z "$(git status --porcelain)" ] || fail "the checkout has changes that are not committed"
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml | head -n 1)
grep -q "^## $version" CHANGELOG.md || fail "CHANGELOG.md has no heading of $version"
out=dist/target/release
rm -rf "$out"
mkdir -p "$out"

mvn -q -B -DskipTests clean package -pl cli,server,web,tokenizer,parquet -am
python3 dist/supply/check.py
# Its public address, for what an index shows beside the package; a clone of GitHub's knows it.
origin=$(git remote get-url origin 2>/dev/null || true)
origin=${origin/#git@github.com:/https://github.com/}
case $origin in https://github.com/*) ;; *) origin= ;; esac
export VRAMCAST_REPOSITORY=${VRAMCAST_REPOSITORY:-${origin%.git}}
[ -n "$VRAMCAST_REPOSITORY" ] ||
  echo "release.sh: no public repository is known, so an index shows neither addresses nor pictures"
dist/pypi/build.sh --parts --out "$PWD/$out"
dist/image/build.sh
archives=(dist/image/target/*.tar.gz)
if command -v dpkg-deb >/dev/null; then archives+=(dist/image/target/*.deb); fi
cp "${archives[@]}" "$out"
# A bill beside each file, or each jar in it: of what has its own within, a copy.
for name in cli server tokenizer parquet; do
  cp "$name/target/classes/META-INF/sbom/application.cdx.json" "$out/vramcast-$name-$version.cdx.json"
done
python3 dist/supply/bills.py page "$out/vramcast-web-$version.cdx.json"
image=(dist/image/target/vramcast-"$version"-*/)
for archive in "${archives[@]##*/}"; do
  name=${archive%.tar.gz}
  cp "${image[0]}sbom.cdx.json" "$out/${name%.deb}.cdx.json"
done
python3 dist/supply/check.py "$out"/*.cdx.json
(cd "$out" && sha256sum -- * >SHA256SUMS)

# In a clean place: an environment with these files alone, and no Java anywhere.
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install -q --disable-pip-version-check --find-links "$out" \
  "vramcast[parquet,tokenizer]==$version"
clean() {
  env -i HOME="$place" PATH="$place/venv/bin" LANG=C.UTF-8 "$@"
}
[ "$(clean vramcast --version)" = "vramcast $version" ] || fail "the wheel says another version"
clean vramcast fit --offline --model llama-3.1-8b --gpu rtx-4090 >/dev/null || fail "the wheel does not answer"
echo '{models: [gpt2], gpus: [rtx-4090]}' >"$place/sweep.yaml"
clean vramcast sweep --offline "$place/sweep.yaml" --out "$place/rows.parquet" >/dev/null ||
  fail "the wheel writes no Parquet"
(cd "$out" && sha256sum --quiet -c SHA256SUMS)
python3 dist/image/test.py "${archives[@]/#dist\/image\/target/$out}"
echo "release.sh: vramcast $version is in $out"
