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
dist/pypi/build.sh --parts --out "$PWD/$out"
dist/image/build.sh
cp dist/image/target/*.tar.gz "$out"
cp dist/image/target/*.deb "$out" 2>/dev/null || true
for name in cli server tokenizer parquet; do
  cp "$name/target/classes/META-INF/sbom/application.cdx.json" "$out/vramcast-$name-$version.cdx.json"
done
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
tar -C "$place" -xzf "$out"/vramcast-"$version"-*.tar.gz
[ "$(env -i HOME="$place" PATH=/usr/bin:/bin "$place"/vramcast-*/bin/vramcast --version)" = "vramcast $version" ] ||
  fail "the archive says another version"
echo "release.sh: vramcast $version is in $out"
