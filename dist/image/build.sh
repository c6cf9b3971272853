#!/bin/sh
# Makes archives with a Java of their own for this platform, in target: a .tar.gz, and where dpkg-deb is
# there a .deb. Needs a whole JDK (with jlink), Python for the bill of materials, and what Maven built.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$root/pom.xml" | head -n 1)
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
system=$(uname -s | tr '[:upper:]' '[:lower:]')
machine=$(uname -m)
# The day of the build, so that the same sources make the same archives.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600}

for jar in cli/target/vramcast.jar server/target/vramcast-server.jar; do
  [ -f "$root/$jar" ] || (cd "$root" && mvn -q -B -DskipTests -Derrorprone.skip -pl cli,server,web -am package)
done

# What jdeps finds in both jars, and the modules that are found by name: names of hosts, TLS, zip
# files as folders.
modules=java.base,java.desktop,java.instrument,java.logging,java.naming,java.net.http,java.rmi
modules=$modules,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.net
modules=$modules,jdk.unsupported,jdk.zipfs

name=vramcast-$version-$system-$machine
image=target/$name
rm -rf target
mkdir -p "$image/bin" "$image/lib"
"$java_home/bin/jlink" --module-path "$java_home/jmods" --add-modules "$modules" --strip-debug \
  --no-header-files --no-man-pages --compress=2 --output "$image/lib/runtime"
cp "$root/cli/target/vramcast.jar" "$root/server/target/vramcast-server.jar" "$image/lib/"
[ ! -f "$root/web/target/vramcast-web.jar" ] || cp "$root/web/target/vramcast-web.jar" "$image/lib/"
cp "$root/LICENSE" "$image/"
cp launcher.sh "$image/bin/vramcast"
chmod 755 "$image/bin/vramcast"
"${PYTHON:-python3}" "$root/dist/supply/bills.py" image "$image" "$image/sbom.cdx.json"
find "$image" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
  -C target -cf - "$name" | gzip -n9 >"target/$name.tar.gz"

if command -v dpkg-deb >/dev/null; then
  package=target/deb
  mkdir -p "$package/DEBIAN" "$package/usr/bin" "$package/usr/lib" "$package/usr/share/doc/vramcast"
  cp -a "$image" "$package/usr/lib/vramcast"
  ln -s ../lib/vramcast/bin/vramcast "$package/usr/bin/vramcast"
  cp "$root/LICENSE" "$package/usr/share/doc/vramcast/copyright"
  ln -s ../../../lib/vramcast/sbom.cdx.json "$package/usr/share/doc/vramcast/sbom.cdx.json"
  cat >"$package/DEBIAN/control" <<END
Package: vramcast
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: Vramcast maintainers <maintainers@vramcast.invalid>
Depends: libc6 (>= 2.17), zlib1g
Installed-Size: $(du -sk "$image" | cut -f 1)
Section: science
Priority: optional
Description: Tells whether an LLM fine-tune fits a GPU
 Before the GPU is rented: the peak memory of the training step, the reason
 for it, hours and dollars. It brings a Java of its own.
END
  find "$package" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group --build "$package" "target/vramcast_${version}_$(dpkg --print-architecture).deb" >/dev/null
fi
(cd target && sha256sum -- *.tar.gz *.deb 2>/dev/null >SHA256SUMS || true)
(cd target && ls -l -- *.tar.gz *.deb 2>/dev/null)
