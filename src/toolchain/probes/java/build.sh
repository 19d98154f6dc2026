#!/bin/sh
# Builds repro-probe.jar from the sources beside it, byte for byte the same each time, with a JDK 17 (JAVA_HOME, or what is
# on the PATH). With --check it builds nothing that stays, and fails if the jar is not what the sources give.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
case $("${bin}javac" -version 2>&1) in
    "javac 17."*) ;;
    *) echo "needs a JDK 17: set JAVA_HOME" >&2; exit 2 ;;
esac
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# Strings are joined without invokedynamic, which takes long the first time; lines are left out, which nobody reads.
"${bin}javac" --release 17 -g:none -XDstringConcat=inline -Xlint:-options -encoding UTF-8 -d "$out/classes" \
    $(find "$here/agent" -name '*.java' | LC_ALL=C sort)
mkdir "$out/classes/META-INF"
printf 'Manifest-Version: 1.0\nPremain-Class: repro.probe.Agent\nCan-Retransform-Classes: true\n' \
    >"$out/classes/META-INF/MANIFEST.MF"
cd "$out/classes"
files=$(find . -type f | sed 's|^\./||' | LC_ALL=C sort)
# The tool would name its own version in a manifest that it makes.
"${bin}jar" --create --no-manifest --date=1980-01-01T00:00:02Z --file "$out/repro-probe.jar" $files
if [ "${1:-}" = --check ]; then
    cmp "$out/repro-probe.jar" "$here/repro-probe.jar"
else
    cp "$out/repro-probe.jar" "$here/repro-probe.jar"
fi
