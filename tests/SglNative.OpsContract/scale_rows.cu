// y[r, c] = x[r, c] * factors[r] + offset: a kernel as a plugin brings one, one block per row.
#include "include/sgl/convert.cuh"

namespace contract {

template <class T>
__global__ void scale_rows(const T* x, const float* factors, T* y, int width, float offset)
{
    const long long row = blockIdx.x;
    for (int i = threadIdx.x; i < width; i += blockDim.x)
        y[row * width + i] = sgl::from_float<T>(sgl::to_float(x[row * width + i]) * factors[row] + offset);
}

}  // namespace contract
