// What every kernel of the gated delta rule is told.
#pragma once
#include "include/sgl/types.cuh"

namespace sgl {

struct DeltaRuleArgs {
    const void* query;          // [T, key heads, K], strided
    const void* key;
    const void* value;          // [T, value heads, V], strided
    const float* log_decay;     // [T, value heads]
    const float* beta;
    float* state;               // [slots][value heads][K][V]
    void* output;               // [T, value heads, V]
    const i32* query_start;     // [sequences + 1]
    const i32* kv_lengths;      // [sequences]
    const i32* state_slots;     // [sequences]
    void* workspace;            // of the chunked kernels
    i64 query_token, query_head;    // strides in elements
    i64 key_token, key_head;
    i64 value_token, value_head;
    i32 sequences;
    i32 key_heads;
    i32 value_heads;
    i32 value_dim;
    i32 slots;
    i32 shortest;               // sequences of fewer tokens are another kernel's
    i32 longest;                // so are those of more
    float scale;
    float eps;
};

}  // namespace sgl
