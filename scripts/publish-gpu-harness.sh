#!/usr/bin/env bash
# Puts everything that a machine with a GPU needs to check this build into one folder and one archive: the device contract's tests,
# the tests of the CUDA backend, the kernel harness and run-gpu-harness.sh. No .NET is needed where it runs.
# Usage: publish-gpu-harness.sh [FOLDER]      default: artifacts/gpu-harness; the archive is FOLDER.tar.gz
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/artifacts/gpu-harness}
rm -rf "$out" "$out.tar.gz"
mkdir -p "$out"
for project in tests/SglNative.Interop.Tests tests/SglNative.Cuda.Tests bench/SglNative.Kernels.Harness; do
  [ -d "$root/$project" ] || continue
  # One runtime serves all programs of the folder.
  dotnet publish "$root/$project" -c Release -r linux-x64 --self-contained -o "$out" -p:SatelliteResourceLanguages=en -p:GenerateDocumentationFile=false -v quiet
done
cp "$root/scripts/run-gpu-harness.sh" "$out/"
git -C "$root" describe --always --dirty > "$out/revision.txt" 2>/dev/null || echo unknown > "$out/revision.txt"
tar -C "$(dirname "$out")" -czf "$out.tar.gz" "$(basename "$out")"
du -h "$out.tar.gz"
