// Normally distributed numbers, a pure function of (seed, index): elements 2i and 2i + 1 come from one 64-bit mix, by Box and Muller.
#include "include/sgl/convert.cuh"
#include "include/sgl/math.cuh"

namespace sgl {

struct FillNormalArgs {
    void* output;
    i64 count;
    u64 seed;
    float deviation;
};

template <class T>
__global__ void fill_normal(const __grid_constant__ FillNormalArgs a)
{
    begin_kernel();
    T* output = static_cast<T*>(a.output);
    const i64 step = static_cast<i64>(gridDim.x) * blockDim.x;
    for (i64 pair = static_cast<i64>(blockIdx.x) * blockDim.x + threadIdx.x; 2 * pair < a.count; pair += step) {
        const u64 z = mix(a.seed ^ mix(static_cast<u64>(pair)));
        const float u = (static_cast<float>(static_cast<u32>(z >> 41)) + 0.5f) * (1.0f / (1 << 23));
        const float v = static_cast<float>(static_cast<u32>(z) >> 9) * (1.0f / (1 << 23));
        const float radius = sqrtf(-2.0f * logf(u)) * a.deviation;
        float sine, cosine;
        sincospif(2.0f * v, &sine, &cosine);
        output[2 * pair] = from_float<T>(radius * cosine);
        if (2 * pair + 1 < a.count) output[2 * pair + 1] = from_float<T>(radius * sine);
    }
}

}  // namespace sgl
