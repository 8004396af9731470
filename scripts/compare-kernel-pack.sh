#!/usr/bin/env bash
# On a machine with a GPU and the CUDA toolkit: builds the ahead-of-time pack with nvcc, runs every kernel from it with run-time
# compilation forbidden, and compares the bits of all results with those of kernels that NVRTC compiled of the same sources.
# Needs cmake, nvcc and the harness that publish-gpu-harness.sh makes; no .NET. Run it in the repository.
# Usage: compare-kernel-pack.sh [--harness FOLDER] [--architecture 90a] [--out FILE]      exit code: 0 when all bits are the same
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
harness=$root/artifacts/gpu-harness architecture=90a out=kernel-pack.txt
while [ $# -gt 0 ]; do
  case $1 in
    --harness) harness=$2; shift 2 ;;
    --architecture) architecture=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    *) echo "unknown option $1; see the head of $0" >&2; exit 2 ;;
  esac
done
program=$(cd "$harness" && pwd)/SglNative.Kernels.Harness
work=$(mktemp -d)
# What was compiled before is not compiled again.
compiled=${SGL_NATIVE_CACHE:-$work/nvrtc}
mkdir "$work/none"
trap 'rm -rf "$work"' EXIT
generator=()
command -v ninja > /dev/null && generator=(-G Ninja)

compare() {
  cmake -S "$root" -B "$work/build" "${generator[@]}" -DSGL_CUDA_ARCHS="$architecture" -DSGL_CUDA_PTX_ARCHS="" | grep 'kernel pack'
  local start=$SECONDS
  cmake --build "$work/build" --target kernel_pack -j "$(nproc)" > "$work/build.log" || { tail -n 30 "$work/build.log"; return 1; }
  local pack=$work/build/sgl-native-kernels.zip
  echo "built in $((SECONDS - start)) s on $(nproc) cores: $(du -h "$pack" | cut -f 1)"

  echo "--- machine code"
  SGL_NATIVE_CACHE=$compiled "$program" images --pack "$pack" || true

  echo "--- compiled at run time"
  SGL_NATIVE_CACHE=$compiled "$program" hashes --small --pack "" --output "$work/nvrtc.txt"
  echo "--- from the pack, nothing compiled"
  SGL_NATIVE_CACHE=$work/none "$program" hashes --small --pack "$pack" --no-compile --output "$work/pack.txt"
  local count
  count=$(find "$work/none" -name '*.cubin' 2> /dev/null | wc -l)
  [ "$count" = 0 ] || { echo "$count kernels were compiled although the pack was to be used"; return 1; }

  # Shapes that the pack does not hold have no line of their own.
  local total different
  total=$(wc -l < "$work/pack.txt")
  [ "$total" -gt 0 ] || { echo "no shape ran from the pack"; return 1; }
  different=$(sort "$work/pack.txt" | comm -23 - <(sort "$work/nvrtc.txt") | tee "$work/different.txt" | wc -l)
  echo "results: $total shapes from the pack, $different of other bits than NVRTC's"
  head -n 20 "$work/different.txt"
  [ "$different" = 0 ]
}

# In a subshell of its own, where -e holds: not so in a condition.
set +e
(set -e; compare) > "$out" 2>&1
code=$?
[ $code = 0 ] && echo PASSED >> "$out" || echo FAILED >> "$out"
cat "$out"
exit $code
