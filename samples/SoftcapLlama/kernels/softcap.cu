// y = cap · tanh(x / cap), one thread per element.
#include "include/sgl/convert.cuh"

namespace sample {

template <class T>
__global__ void softcap(const T* x, T* y, long long count, float cap)
{
    const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i < count) y[i] = sgl::from_float<T>(cap * tanhf(sgl::to_float(x[i]) / cap));
}

}  // namespace sample
