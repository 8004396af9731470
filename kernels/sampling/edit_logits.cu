// Sparse changes to logits: l becomes (l > 0 ? l / repetition : l · repetition) + bias. No (row, token) pair occurs twice.
#include "include/sgl/primitives.cuh"

namespace sgl {

struct EditLogitsArgs {
    float* logits;
    const i32* row;
    const i32* token;
    const float* repetition;
    const float* bias;
    i32 entries;
    i32 rows;
    i32 columns;
};

__global__ void edit_logits(const __grid_constant__ EditLogitsArgs a)
{
    begin_kernel();
    const int e = blockIdx.x * blockDim.x + threadIdx.x;
    if (e >= a.entries) return;
    const i32 row = a.row[e], token = a.token[e];
    if (static_cast<u32>(row) >= static_cast<u32>(a.rows) || static_cast<u32>(token) >= static_cast<u32>(a.columns)) return;
    float* logit = a.logits + static_cast<i64>(row) * a.columns + token;
    const float l = *logit;
    *logit = (l > 0 ? l / a.repetition[e] : l * a.repetition[e]) + a.bias[e];
}

}  // namespace sgl
