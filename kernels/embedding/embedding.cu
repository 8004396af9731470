// output[t] = table[ids[t] - first], converted. Rows of an id outside the table become zero: where the table is a rank's share of one,
// the id is another rank's; else ids are checked where they enter the program, and a defect must not read foreign memory.
#include "include/sgl/rows.cuh"

namespace sgl {

struct EmbeddingArgs {
    const i32* ids;
    const void* table;
    void* output;
    i64 table_stride;   // elements between rows
    i32 first;
    i32 table_rows;
    i32 width;
    i32 aligned;        // every row starts at a multiple of 16 bytes
};

template <class In, class Out>
__global__ void embedding(const __grid_constant__ EmbeddingArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    const i64 id = static_cast<i64>(a.ids[grid_row()]) - a.first;
    float v[kVector] = {};
    if (static_cast<u64>(id) < static_cast<u64>(a.table_rows))
        load_vector(static_cast<const In*>(a.table) + id * a.table_stride + column, v, count, a.aligned);
    store_vector(static_cast<Out*>(a.output) + grid_row() * a.width + column, v, count, a.aligned);
}

}  // namespace sgl
