// Rotates the first `rotated` dimensions of every head of q and k, in place. One block per token; a thread takes four pairs.
#include "include/sgl/convert.cuh"

namespace sgl {

struct RotaryArgs {
    void* query;
    void* key;
    const i32* positions;
    const float* cos_sin;   // [table rows, rotated]: rotated / 2 cosines, then as many sines
    i64 query_token, query_head;   // strides in elements
    i64 key_token, key_head;
    i64 cos_sin_stride;
    i32 query_heads;
    i32 key_heads;
    i32 rotated;
    i32 table_rows;
};

template <class T, bool Interleaved>
__global__ void rotary(const __grid_constant__ RotaryArgs a)
{
    begin_kernel();
    constexpr int pairs = 4;
    const i64 token = blockIdx.x;
    const int half = a.rotated / 2;
    const int groups = (half + pairs - 1) / pairs;
    // A position beyond the table is a caller's defect; it must not become a fault of the device.
    const u32 position = min(static_cast<u32>(a.positions[token]), static_cast<u32>(a.table_rows - 1));
    const float* cosines = a.cos_sin + position * a.cos_sin_stride;
    const float* sines = cosines + half;
    for (int work = threadIdx.x; work < (a.query_heads + a.key_heads) * groups; work += blockDim.x) {
        const int head = work / groups;
        const int first = work % groups * pairs;
        T* row = head < a.query_heads
            ? static_cast<T*>(a.query) + token * a.query_token + head * a.query_head
            : static_cast<T*>(a.key) + token * a.key_token + (head - a.query_heads) * a.key_head;
#pragma unroll
        for (int j = 0; j < pairs; j++) {
            const int i = first + j;
            if (i >= half) break;
            T* low = row + (Interleaved ? 2 * i : i);
            T* high = Interleaved ? low + 1 : low + half;
            const float x = to_float(*low), y = to_float(*high);
            *low = from_float<T>(x * cosines[i] - y * sines[i]);
            *high = from_float<T>(y * cosines[i] + x * sines[i]);
        }
    }
}

}  // namespace sgl
