#!/usr/bin/env bash
# Packs what a plugin author or an application references, the templates and the sample plugins, into a folder that serves as a feed.
#   scripts/pack.sh OUTPUT_DIR [further arguments of dotnet msbuild]
set -euo pipefail
output=$(mkdir -p "${1:?usage: scripts/pack.sh OUTPUT_DIR}" && cd "$1" && pwd)
shift
dotnet msbuild "$(dirname "$0")/pack.proj" -p:Feed="$output" -nologo -v:quiet "$@"
ls "$output"
