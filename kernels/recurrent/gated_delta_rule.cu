// The gated delta rule token by token, the state in registers in float32: decode steps, and prompts where products must not be
// rounded. Columns of the state do not meet, so a block takes 32 of them through a sequence; four lanes share a column. Both products
// with the state are taken before it changes: with S' = g·S + k⊗δ, qᵀS' = g·qᵀS + (q·k)·δ.
#include "include/sgl/convert.cuh"
#include "include/sgl/reduce.cuh"
#include "recurrent/arguments.cuh"

namespace sgl {

// grid (blocks of 32 columns, value heads, sequences).
template <class T, class Out, int KeyDim>
__global__ void __launch_bounds__(128) gated_delta_rule(const __grid_constant__ DeltaRuleArgs a)
{
    begin_kernel();
    constexpr int lanes = 4, columns = 32, batch = 8, warps = lanes * columns / kWarpSize;
    constexpr int padded = round_up(KeyDim, lanes * 4), parts = padded / (lanes * 4);   // quads of rows that a lane holds
    __shared__ __align__(16) float keys[batch][padded], queries[batch][padded];
    __shared__ float values[batch][columns], decays[batch], betas[batch], matches[batch];

    const int sequence = blockIdx.z, head = blockIdx.y, key_head = head / (a.value_heads / a.key_heads);
    const int first = a.query_start[sequence], end = a.query_start[sequence + 1], length = end - first;
    if (length == 0 || length < a.shortest || length > a.longest) return;
    const int thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % lanes, local = thread / lanes;
    const int first_column = blockIdx.x * columns, column = first_column + local;
    const i64 slot = min(static_cast<u32>(a.state_slots[sequence]), static_cast<u32>(a.slots - 1));
    float* state_column = a.state + (slot * a.value_heads + head) * KeyDim * a.value_dim + column;
    const bool fresh = a.kv_lengths[sequence] == length, inside = column < a.value_dim;

    float state[parts][4];
#pragma unroll
    for (int p = 0; p < parts; p++)
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const int row = (p * lanes + lane) * 4 + i;
            state[p][i] = inside && !fresh && row < KeyDim ? state_column[static_cast<i64>(row) * a.value_dim] : 0.0f;
        }
    for (int start = first; start < end; start += batch) {
        const int count = min(batch, end - start);
        __syncthreads();   // nobody still reads the tokens before
        for (int t = warp; t < count; t += warps) {
            const int token = start + t, in_warp = thread % kWarpSize;
            const T* key = static_cast<const T*>(a.key) + token * a.key_token + key_head * a.key_head;
            const T* query = static_cast<const T*>(a.query) + token * a.query_token + key_head * a.query_head;
            constexpr int each = ceil_div(padded, kWarpSize);
            float k[each], q[each], kk = 0, qq = 0, kq = 0;
#pragma unroll
            for (int i = 0; i < each; i++) {
                const int row = i * kWarpSize + in_warp;
                k[i] = row < KeyDim ? to_float(key[row]) : 0.0f;
                q[i] = row < KeyDim ? to_float(query[row]) : 0.0f;
                kk += k[i] * k[i];
                qq += q[i] * q[i];
                kq += k[i] * q[i];
            }
            const float key_scale = 1.0f / sqrtf(warp_reduce(kk, Sum()) + a.eps);
            const float query_scale = a.scale / sqrtf(warp_reduce(qq, Sum()) + a.eps);
            kq = warp_reduce(kq, Sum());
#pragma unroll
            for (int i = 0; i < each; i++) {
                const int row = i * kWarpSize + in_warp;
                if (row < padded) {
                    keys[t][row] = k[i] * key_scale;
                    queries[t][row] = q[i] * query_scale;
                }
            }
            const int value_column = first_column + in_warp;
            values[t][in_warp] = value_column < a.value_dim
                ? to_float(static_cast<const T*>(a.value)[token * a.value_token + head * a.value_head + value_column]) : 0.0f;
            if (in_warp == 0) {
                decays[t] = expf(a.log_decay[static_cast<i64>(token) * a.value_heads + head]);
                betas[t] = a.beta[static_cast<i64>(token) * a.value_heads + head];
                matches[t] = kq * key_scale * query_scale;
            }
        }
        __syncthreads();
        for (int t = 0; t < count; t++) {
            float remembered = 0, seen = 0;
#pragma unroll
            for (int p = 0; p < parts; p++) {
                const float4 k = *reinterpret_cast<const float4*>(&keys[t][(p * lanes + lane) * 4]);
                const float4 q = *reinterpret_cast<const float4*>(&queries[t][(p * lanes + lane) * 4]);
                remembered += state[p][0] * k.x + state[p][1] * k.y + state[p][2] * k.z + state[p][3] * k.w;
                seen += state[p][0] * q.x + state[p][1] * q.y + state[p][2] * q.z + state[p][3] * q.w;
            }
            remembered = warp_reduce<lanes>(remembered, Sum());
            seen = warp_reduce<lanes>(seen, Sum());
            const float decay = decays[t], change = betas[t] * (values[t][local] - decay * remembered);
#pragma unroll
            for (int p = 0; p < parts; p++) {
                const float4 k = *reinterpret_cast<const float4*>(&keys[t][(p * lanes + lane) * 4]);
                state[p][0] = decay * state[p][0] + k.x * change;
                state[p][1] = decay * state[p][1] + k.y * change;
                state[p][2] = decay * state[p][2] + k.z * change;
                state[p][3] = decay * state[p][3] + k.w * change;
            }
            if (lane == 0 && inside)
                static_cast<Out*>(a.output)[(static_cast<i64>(start + t) * a.value_heads + head) * a.value_dim + column] =
                    from_float<Out>(decay * seen + matches[t] * change);
        }
    }
#pragma unroll
    for (int p = 0; p < parts; p++)
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const int row = (p * lanes + lane) * 4 + i;
            if (inside && row < KeyDim) state_column[static_cast<i64>(row) * a.value_dim] = state[p][i];
        }
}

}  // namespace sgl
