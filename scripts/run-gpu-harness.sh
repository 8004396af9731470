#!/usr/bin/env bash
# Checks this build on a real GPU and writes one text file with all that was found: the device contract, the operations, every
# kernel against its reference with its speed, and compute-sanitizer's four tools. Needs the driver, NVRTC and cuBLAS; no .NET.
# Usage: run-gpu-harness.sh [--out FILE] [--folder FOLDER] [--only STEP[,STEP]] [--step-limit SECONDS]
#   steps: compile contract operations harness memcheck racecheck initcheck synccheck newer      exit code: 0 when every step passed
set -uo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
[ -x "$folder/SglNative.Cuda.Tests" ] || folder=$folder/../artifacts/gpu-harness
out=gpu-harness.txt only="" limit=580
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2; shift 2 ;;
    --folder) folder=$2; shift 2 ;;
    --only) only=,$2,; shift 2 ;;
    --step-limit) limit=$2; shift 2 ;;
    *) echo "unknown option $1; see the head of $0" >&2; exit 2 ;;
  esac
done
[ -x "$folder/SglNative.Cuda.Tests" ] || { echo "no programs in $folder: run scripts/publish-gpu-harness.sh, then --folder FOLDER" >&2; exit 2; }
folder=$(cd "$folder" && pwd)
export SGL_NATIVE_CACHE=${SGL_NATIVE_CACHE:-$(mktemp -d)} NO_COLOR=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# The collector must not grow into the machine's memory while a tool shadows every allocation.
export DOTNET_gcServer=0

find_sanitizer() {
  local candidate
  for candidate in "$(command -v compute-sanitizer)" "${CUDA_HOME:-/nowhere}/bin/compute-sanitizer" /usr/local/cuda*/bin/compute-sanitizer \
    /usr/local/cuda*/compute-sanitizer/compute-sanitizer /opt/cuda/bin/compute-sanitizer; do
    [ -x "$candidate" ] && { echo "$candidate"; return; }
  done
}
sanitizer=$(find_sanitizer)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0 summary=""
note() { summary+=$(printf '%-12s %-8s %s' "$1" "$2" "$3")$'\n'; }
wanted() { [ -z "$only" ] || [[ $only == *,$1,* ]]; }
attempt() {   # attempt NAME COMMAND …: runs it within the limit; its output, then its exit code and seconds, into $work
  local name=$1 start=$SECONDS; shift
  timeout --kill-after=10 "$limit" "$@" 2>&1 | grep -v '^$' > "$work/$name.txt"
  echo "${PIPESTATUS[0]} $((SECONDS - start))" > "$work/$name.code"
}
report() {   # report NAME: what an attempt gave
  local name=$1 code seconds
  read -r code seconds < "$work/$name.code"
  printf '\n===== %s\n' "$name"
  cat "$work/$name.txt"
  if [ "$code" = 0 ]; then passed=$((passed + 1)); note "$name" passed "$seconds s"
  elif [ "$code" = 124 ]; then failed=$((failed + 1)); note "$name" failed "not done after $limit s"
  else failed=$((failed + 1)); note "$name" failed "exit code $code after $seconds s"; fi
}
step() {   # step NAME COMMAND …
  wanted "$1" || return 0
  attempt "$@"
  report "$1"
}
started=""
sanitize() {   # sanitize TOOL EVERY OPTION …: over every so many of the harness' small shapes; the tools run side by side, since each waits for the device most of its time
  local tool=$1 every=$2; shift 2
  wanted "$tool" || return 0
  if [ -z "$sanitizer" ]; then skipped=$((skipped + 1)); note "$tool" skipped "compute-sanitizer was not found"; return; fi
  # Only kernels of this project: their names have its namespace.
  attempt "$tool" "$sanitizer" --tool "$tool" --kernel-name kernel_substring=sgl --report-api-errors no --error-exitcode 99 --print-limit 20 "$@" \
    "$folder/SglNative.Kernels.Harness" check --small --every "$every" &
  started+=" $tool"
}

tests=(--progress off --output Minimal --show-slowest-tests 5)
{
  echo "sgl-native $(cat "$folder/revision.txt" 2>/dev/null), $(date -u +%Y-%m-%dT%H:%MZ)"
  nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm,clocks.max.mem,power.limit --format=csv,noheader 2>&1
  echo "$(nproc) cores, $(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), kernel $(uname -r); sanitizer: $("${sanitizer:-true}" --version 2>/dev/null | grep Version)"
  # In parallel, so that no later step waits for a compiler.
  step compile "$folder/SglNative.Kernels.Harness" compile
  # The emulated device is checked by continuous integration.
  step contract "$folder/SglNative.Interop.Tests" "${tests[@]}" --filter-class '*.Contract.Cuda*'
  # The suites of kernels are the harness' own.
  step operations "$folder/SglNative.Cuda.Tests" "${tests[@]}" --filter-not-class '*KernelSuiteTests' --filter-not-class '*KernelCompilationTests'
  step harness "$folder/SglNative.Kernels.Harness" run
  sanitize memcheck 1 --leak-check no --padding 64
  # An odd number, so that all values of the sweeps take part.
  sanitize racecheck 7 --racecheck-report analysis
  sanitize initcheck 1
  sanitize synccheck 1
  # Chips that the NVRTC of continuous integration does not know: CUDA 12.8 or later is needed, and no device.
  if wanted newer; then
    attempt newer "$folder/SglNative.Kernels.Harness" compile --architectures sm_100a,sm_103a,sm_120a &
    started+=" newer"
  fi
  wait
  for tool in $started; do report "$tool"; done
  printf '\n===== summary: %s passed, %s failed, %s skipped\n%s' "$passed" "$failed" "$skipped" "$summary"
  [ "$failed" = 0 ]
} > "$out" 2>&1
code=$?
tail -n 12 "$out"
exit $code
