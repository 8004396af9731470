#!/bin/sh
# Compares tokenizing, loading and template rendering with the reference implementations and keeps the result:
#   bench/tokenizers.sh TOKENIZERS [--rounds N] [--templates DIR] …
# TOKENIZERS is a folder that scripts/fetch-tokenizers.sh has filled.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
[ -d "$root/scripts/node/node_modules" ] || npm ci --silent --prefix "$root/scripts/node"
dotnet build -c Release --nologo -v quiet "$root/bench/SglNative.Tokenizers.Bench"
mkdir -p "$root/bench/results"
"$root/bench/SglNative.Tokenizers.Bench/bin/Release/net10.0/SglNative.Tokenizers.Bench" "$@" | tee "$root/bench/results/tokenizers.txt"
