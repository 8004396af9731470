#!/usr/bin/env bash
# Compares every golden checkpoint of tests/goldens with its reference on one device and prints a line for each run:
#   scripts/check-goldens.sh PROGRAM DEVICE [DTYPES] [PAGE_SIZES] [FLAG…]   e.g. check-goldens.sh ./sgl-native cuda "float32 bfloat16" "1 16 64"
# Flags are given to every run: --tensor-parallel-size 2, say, with which checkpoints whose heads do not divide are refused.
# Ends with the number of runs that passed and failed; exit code 1 if one failed.
set -u
program=${1:?usage: check-goldens.sh PROGRAM DEVICE [DTYPES] [PAGE_SIZES] [FLAG…]} device=${2:?which device}
dtypes=${3:-float32 bfloat16} pages=${4:-64}
goldens=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tests/goldens" && pwd)
passed=0 failed=0
printf '%-34s %-9s %4s  %9s  %s\n' checkpoint dtype page positions "max |diff|  RMS/std median  RMS/std worst  top-1"
for folder in "$goldens"/*/; do
    [ -f "$folder/golden.safetensors" ] || continue
    for dtype in $dtypes; do
        for page in $pages; do
            output=$("$program" bench-one-batch --model-path "$folder" --device "$device" --dtype "$dtype" --page-size "$page" \
                --reference "$folder/golden.safetensors" "${@:5}" 2>&1) && result=ok || result=FAILED
            [ $result = ok ] && passed=$((passed + 1)) || failed=$((failed + 1))
            line=$(sed -n 's/^ *all *//p' <<<"$output")
            printf '%-34s %-9s %4s  %s %s\n' "$(basename "$folder")" "$dtype" "$page" "${line:-$(tail -n 1 <<<"$output")}" "$([ $result = ok ] || echo FAILED)"
        done
    done
done
echo "$passed runs within the tolerances, $failed not"
[ "$failed" -eq 0 ]
