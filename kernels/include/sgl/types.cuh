// Element and integer types of the kernels. No CUDA toolkit header is used anywhere under kernels/.
#pragma once

namespace sgl {

using u8 = unsigned char;
using u16 = unsigned short;
using i32 = int;
using u32 = unsigned int;
using i64 = long long;
using u64 = unsigned long long;

// Storage types: bits only. Arithmetic is float32; include/sgl/convert.cuh converts.
struct bf16 { u16 bits; };
struct fp16 { u16 bits; };
struct fp8_e4m3 { u8 bits; };
struct fp8_e5m2 { u8 bits; };

static_assert(sizeof(i32) == 4 && sizeof(i64) == 8 && sizeof(void*) == 8, "the argument records assume a 64-bit device");

template <class A, class B> inline constexpr bool same_type = false;
template <class A> inline constexpr bool same_type<A, A> = true;

__host__ __device__ constexpr int ceil_div(int a, int b) { return (a + b - 1) / b; }
__host__ __device__ constexpr int round_up(int a, int b) { return ceil_div(a, b) * b; }

inline constexpr u32 kFullWarp = 0xffffffffu;
inline constexpr int kWarpSize = 32;

}  // namespace sgl

// The block's dynamic shared memory; a macro so that a host compiler can give it another meaning.
#ifndef SGL_DYNAMIC_SHARED
#define SGL_DYNAMIC_SHARED(name) extern __shared__ __align__(128) unsigned char name[]
#endif
