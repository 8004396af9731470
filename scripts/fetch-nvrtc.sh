#!/usr/bin/env bash
# Puts NVIDIA's run-time compiler 12.4 into FOLDER, for machines without CUDA: every kernel can then be compiled for sm_80 to sm_90a.
# It is Debian's own package (non-free, suite trixie), taken from wherever this machine's apt takes its packages. Debian 12 and later,
# as root. Does nothing when FOLDER holds it already.
# Usage: fetch-nvrtc.sh FOLDER        then: export SGL_NATIVE_LIBRARY_PATH=FOLDER
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
if [ -e "$folder/libnvrtc.so.12" ] && [ -e "$folder/libnvrtc-builtins.so.12.4" ]; then exit 0; fi
[ "$(dpkg --print-architecture)" = amd64 ] || { echo "$0: Debian has this package for amd64 only" >&2; exit 1; }

# The archive's address: of the first deb entry, in either format, that is not the security archive's.
archive=$(
  for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$file" ] && sed -nE 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p; s/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' "$file"
  done | grep -v security | head -n 1) || true
[ -n "$archive" ] || { echo "$0: no Debian archive in /etc/apt/sources.list or /etc/apt/sources.list.d" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/unpacked"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $archive trixie non-free" > "$work/sources.list"
options=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
  -o APT::Sandbox::User=root -o Acquire::Retries=3)
apt-get "${options[@]}" -qq update
(cd "$work" && apt-get "${options[@]}" -qq download libnvrtc12 libnvrtc-builtins12.4)
for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$work/unpacked"; done
cp -P "$work"/unpacked/usr/lib/x86_64-linux-gnu/libnvrtc*.so* "$folder/"
echo "NVRTC 12.4 lies in $folder"
