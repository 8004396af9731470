// Writes rows of a step into a layer's latent cache [page][token in page][width] at slot = page · page size + offset.
#include "include/sgl/rows.cuh"

namespace sgl {

struct StoreLatentArgs {
    const void* x;
    void* cache;
    const i32* slots;
    i64 x_stride;       // elements between rows
    i64 page_stride;
    i32 width;
    i32 page_size;
    i32 pages;
    i32 aligned;
};

template <class In, class Out>
__global__ void store_latent(const __grid_constant__ StoreLatentArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const i32 slot = a.slots[grid_row()];
    if (slot < 0) return;
    const i32 page = slot / a.page_size, offset = slot % a.page_size;
    if (page >= a.pages) return;
    float v[kVector];
    load_vector(static_cast<const In*>(a.x) + grid_row() * a.x_stride + column, v, a.width - column, a.aligned);
    store_vector(static_cast<Out*>(a.cache) + page * a.page_stride + static_cast<i64>(offset) * a.width + column, v, a.width - column, a.aligned);
}

}  // namespace sgl
