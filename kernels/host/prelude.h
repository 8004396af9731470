// Included before every kernel that is compiled for the host: the words and built-in functions of CUDA C++, each a call into the
// runtime or an ordinary function. Kept free of library headers, because it is read once per kernel.
#pragma once

using size_t = decltype(sizeof(0));
#define SGL_HOST 1

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __grid_constant__
#define __restrict__ __restrict
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

// Block-scope thread_local variables are static ones; their addresses come from __tls_get_addr, which in these libraries is the
// runtime's: the segment of "thread" variables is the block's static shared memory.
#define __shared__ thread_local
#define SGL_DYNAMIC_SHARED(name) unsigned char* const name = static_cast<unsigned char*>(sgl_dynamic_shared())

// What the runtime offers to kernels. A const function's result is constant while a thread of a block runs.
extern "C" {
__attribute__((const)) unsigned sgl_index(int which);
__attribute__((const)) void* sgl_dynamic_shared();
__attribute__((const)) unsigned sgl_shared_offset(const void* address);
void sgl_sync_threads();
unsigned sgl_sync_threads_vote(int predicate, int operation);
void sgl_named_barrier(unsigned id, unsigned threads, int wait);
void sgl_sync_warp(unsigned mask);
unsigned long long sgl_shuffle(unsigned mask, unsigned long long value, int kind, int argument, int width);
unsigned sgl_ballot(unsigned mask, int predicate);
unsigned sgl_match_any(unsigned mask, unsigned long long value);
unsigned sgl_warp_reduce(unsigned mask, unsigned value, int operation);
unsigned sgl_active_mask();
unsigned sgl_atomic_32(int operation, void* address, unsigned value, unsigned compare);
unsigned long long sgl_atomic_64(int operation, void* address, unsigned long long value, unsigned long long compare);
void sgl_thread_fence(int scope);
void sgl_trap();
long long sgl_clock();

float expf(float) noexcept;
float exp2f(float) noexcept;
float expm1f(float) noexcept;
float logf(float) noexcept;
float log2f(float) noexcept;
float log10f(float) noexcept;
float log1pf(float) noexcept;
float erff(float) noexcept;
float tanhf(float) noexcept;
float sinf(float) noexcept;
float cosf(float) noexcept;
float powf(float, float) noexcept;
double exp(double) noexcept;
double log(double) noexcept;
double sin(double) noexcept;
double cos(double) noexcept;
double pow(double, double) noexcept;
void* memcpy(void*, const void*, size_t) noexcept;
void* memset(void*, int, size_t) noexcept;
}

struct int2 { int x, y; } __attribute__((aligned(8)));
struct int3 { int x, y, z; };
struct int4 { int x, y, z, w; } __attribute__((aligned(16)));
struct uint2 { unsigned x, y; } __attribute__((aligned(8)));
struct uint3 { unsigned x, y, z; };
struct uint4 { unsigned x, y, z, w; } __attribute__((aligned(16)));
struct float2 { float x, y; } __attribute__((aligned(8)));
struct float3 { float x, y, z; };
struct float4 { float x, y, z, w; } __attribute__((aligned(16)));
struct double2 { double x, y; } __attribute__((aligned(16)));
struct longlong2 { long long x, y; } __attribute__((aligned(16)));
struct ulonglong2 { unsigned long long x, y; } __attribute__((aligned(16)));
struct uchar2 { unsigned char x, y; } __attribute__((aligned(2)));
struct uchar4 { unsigned char x, y, z, w; } __attribute__((aligned(4)));
struct ushort2 { unsigned short x, y; } __attribute__((aligned(4)));
struct ushort4 { unsigned short x, y, z, w; } __attribute__((aligned(8)));
struct dim3 { unsigned x = 1, y = 1, z = 1; };

#define SGL_VECTOR_2(name, T) inline name make_##name(T x, T y) { return {x, y}; }
#define SGL_VECTOR_3(name, T) inline name make_##name(T x, T y, T z) { return {x, y, z}; }
#define SGL_VECTOR_4(name, T) inline name make_##name(T x, T y, T z, T w) { return {x, y, z, w}; }
SGL_VECTOR_2(int2, int) SGL_VECTOR_3(int3, int) SGL_VECTOR_4(int4, int)
SGL_VECTOR_2(uint2, unsigned) SGL_VECTOR_3(uint3, unsigned) SGL_VECTOR_4(uint4, unsigned)
SGL_VECTOR_2(float2, float) SGL_VECTOR_3(float3, float) SGL_VECTOR_4(float4, float)
SGL_VECTOR_2(double2, double) SGL_VECTOR_2(longlong2, long long) SGL_VECTOR_2(ulonglong2, unsigned long long)
SGL_VECTOR_2(uchar2, unsigned char) SGL_VECTOR_4(uchar4, unsigned char)
SGL_VECTOR_2(ushort2, unsigned short) SGL_VECTOR_4(ushort4, unsigned short)
#undef SGL_VECTOR_2
#undef SGL_VECTOR_3
#undef SGL_VECTOR_4

namespace sgl_host {
enum Index { kThreadIdx = 0, kBlockIdx = 3, kBlockDim = 6, kGridDim = 9, kClusterRank = 12, kClusterSize = 13 };
__attribute__((always_inline)) inline uint3 index(int first) { return {sgl_index(first), sgl_index(first + 1), sgl_index(first + 2)}; }

template <class To, class From>
__attribute__((always_inline)) inline To bits(From value)
{
    static_assert(sizeof(To) == sizeof(From));
    return __builtin_bit_cast(To, value);
}

// Values of up to eight bytes as a number and back.
template <class T>
__attribute__((always_inline)) inline unsigned long long pack(T value)
{
    static_assert(sizeof(T) <= 8);
    unsigned long long raw = 0;
    __builtin_memcpy(&raw, &value, sizeof(T));
    return raw;
}
template <class T>
__attribute__((always_inline)) inline T unpack(unsigned long long raw)
{
    T value;
    __builtin_memcpy(&value, &raw, sizeof(T));
    return value;
}

enum Atomic { kAdd, kExchange, kCompareExchange, kMinSigned, kMaxSigned, kMinUnsigned, kMaxUnsigned, kAnd, kOr, kXor, kIncrement, kDecrement, kAddFloat, kAddDouble };
template <class T> inline constexpr bool is_signed = T(-1) < T(0);
template <class T> inline constexpr bool is_float = false;
template <> inline constexpr bool is_float<float> = true;
template <> inline constexpr bool is_float<double> = true;

template <class T>
__attribute__((always_inline)) inline T atomic(int operation, T* address, T value, T compare = T())
{
    static_assert(sizeof(T) == 4 || sizeof(T) == 8);
    if constexpr (sizeof(T) == 4) return bits<T>(sgl_atomic_32(operation, address, bits<unsigned>(value), bits<unsigned>(compare)));
    else return bits<T>(sgl_atomic_64(operation, address, bits<unsigned long long>(value), bits<unsigned long long>(compare)));
}
}  // namespace sgl_host

#define threadIdx (sgl_host::index(sgl_host::kThreadIdx))
#define blockIdx (sgl_host::index(sgl_host::kBlockIdx))
#define blockDim (sgl_host::index(sgl_host::kBlockDim))
#define gridDim (sgl_host::index(sgl_host::kGridDim))
#define warpSize 32

// Barriers, votes and shuffles.
inline void __syncthreads() { sgl_sync_threads(); }
inline int __syncthreads_count(int predicate) { return static_cast<int>(sgl_sync_threads_vote(predicate, 0)); }
inline int __syncthreads_and(int predicate) { return static_cast<int>(sgl_sync_threads_vote(predicate, 1)); }
inline int __syncthreads_or(int predicate) { return static_cast<int>(sgl_sync_threads_vote(predicate, 2)); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { sgl_sync_warp(mask); }
inline unsigned __activemask() { return sgl_active_mask(); }
inline unsigned __ballot_sync(unsigned mask, int predicate) { return sgl_ballot(mask, predicate); }
inline int __any_sync(unsigned mask, int predicate) { return sgl_ballot(mask, predicate) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return sgl_ballot(mask, !predicate) == 0; }
template <class T> inline T __shfl_sync(unsigned mask, T value, int lane, int width = 32) { return sgl_host::unpack<T>(sgl_shuffle(mask, sgl_host::pack(value), 0, lane, width)); }
template <class T> inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) { return sgl_host::unpack<T>(sgl_shuffle(mask, sgl_host::pack(value), 1, static_cast<int>(delta), width)); }
template <class T> inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) { return sgl_host::unpack<T>(sgl_shuffle(mask, sgl_host::pack(value), 2, static_cast<int>(delta), width)); }
template <class T> inline T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32) { return sgl_host::unpack<T>(sgl_shuffle(mask, sgl_host::pack(value), 3, lanes, width)); }
template <class T> inline unsigned __match_any_sync(unsigned mask, T value) { return sgl_match_any(mask, sgl_host::pack(value)); }
inline unsigned __reduce_add_sync(unsigned mask, unsigned value) { return sgl_warp_reduce(mask, value, sgl_host::kAdd); }
inline unsigned __reduce_min_sync(unsigned mask, unsigned value) { return sgl_warp_reduce(mask, value, sgl_host::kMinUnsigned); }
inline unsigned __reduce_max_sync(unsigned mask, unsigned value) { return sgl_warp_reduce(mask, value, sgl_host::kMaxUnsigned); }
inline int __reduce_min_sync(unsigned mask, int value) { return static_cast<int>(sgl_warp_reduce(mask, static_cast<unsigned>(value), sgl_host::kMinSigned)); }
inline int __reduce_max_sync(unsigned mask, int value) { return static_cast<int>(sgl_warp_reduce(mask, static_cast<unsigned>(value), sgl_host::kMaxSigned)); }
inline unsigned __reduce_or_sync(unsigned mask, unsigned value) { return sgl_warp_reduce(mask, value, sgl_host::kOr); }
inline unsigned __reduce_and_sync(unsigned mask, unsigned value) { return sgl_warp_reduce(mask, value, sgl_host::kAnd); }

// Atomic operations.
template <class T> inline T atomicAdd(T* address, T value) { return sgl_host::atomic(sgl_host::is_float<T> ? (sizeof(T) == 4 ? sgl_host::kAddFloat : sgl_host::kAddDouble) : sgl_host::kAdd, address, value); }
template <class T> inline T atomicSub(T* address, T value) { return sgl_host::atomic(sgl_host::kAdd, address, static_cast<T>(T(0) - value)); }
template <class T> inline T atomicExch(T* address, T value) { return sgl_host::atomic(sgl_host::kExchange, address, value); }
template <class T> inline T atomicCAS(T* address, T compare, T value) { return sgl_host::atomic(sgl_host::kCompareExchange, address, value, compare); }
template <class T> inline T atomicMin(T* address, T value) { return sgl_host::atomic(sgl_host::is_signed<T> ? sgl_host::kMinSigned : sgl_host::kMinUnsigned, address, value); }
template <class T> inline T atomicMax(T* address, T value) { return sgl_host::atomic(sgl_host::is_signed<T> ? sgl_host::kMaxSigned : sgl_host::kMaxUnsigned, address, value); }
template <class T> inline T atomicAnd(T* address, T value) { return sgl_host::atomic(sgl_host::kAnd, address, value); }
template <class T> inline T atomicOr(T* address, T value) { return sgl_host::atomic(sgl_host::kOr, address, value); }
template <class T> inline T atomicXor(T* address, T value) { return sgl_host::atomic(sgl_host::kXor, address, value); }
inline unsigned atomicInc(unsigned* address, unsigned limit) { return sgl_host::atomic(sgl_host::kIncrement, address, limit); }
inline unsigned atomicDec(unsigned* address, unsigned limit) { return sgl_host::atomic(sgl_host::kDecrement, address, limit); }
inline void __threadfence_block() { sgl_thread_fence(0); }
inline void __threadfence() { sgl_thread_fence(1); }
inline void __threadfence_system() { sgl_thread_fence(2); }
inline void __trap() { sgl_trap(); }
inline void __nanosleep(unsigned) { sgl_clock(); }
inline long long clock64() { return sgl_clock(); }
inline size_t __cvta_generic_to_shared(const void* address) { return sgl_shared_offset(address); }

// Bits and numbers.
inline unsigned __float_as_uint(float x) { return sgl_host::bits<unsigned>(x); }
inline int __float_as_int(float x) { return sgl_host::bits<int>(x); }
inline float __uint_as_float(unsigned x) { return sgl_host::bits<float>(x); }
inline float __int_as_float(int x) { return sgl_host::bits<float>(x); }
inline long long __double_as_longlong(double x) { return sgl_host::bits<long long>(x); }
inline double __longlong_as_double(long long x) { return sgl_host::bits<double>(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }
inline int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline unsigned __brev(unsigned x)
{
    x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
    x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
    x = (x >> 4 & 0x0f0f0f0fu) | (x & 0x0f0f0f0fu) << 4;
    return __builtin_bswap32(x);
}
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector)
{
    const unsigned long long both = static_cast<unsigned long long>(y) << 32 | x;
    unsigned result = 0;
    for (int i = 0; i < 4; i++) result |= static_cast<unsigned>(both >> ((selector >> (4 * i) & 7) * 8) & 0xff) << (8 * i);
    return result;
}
inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) { return static_cast<unsigned>((static_cast<unsigned long long>(high) << 32 | low) >> (shift & 31)); }
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) { return static_cast<unsigned>((static_cast<unsigned long long>(high) << 32 | low) << (shift & 31) >> 32); }
inline int __mulhi(int a, int b) { return static_cast<int>(static_cast<long long>(a) * b >> 32); }
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>(static_cast<unsigned long long>(a) * b >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) { return static_cast<unsigned long long>(static_cast<unsigned __int128>(a) * b >> 64); }
inline int __dp4a(int a, int b, int c)
{
    for (int i = 0; i < 4; i++) c += static_cast<signed char>(a >> (8 * i)) * static_cast<signed char>(b >> (8 * i));
    return c;
}

// Conversions with a rounding: numbers outside the range become its ends, NaN becomes 0, as on the device.
namespace sgl_host {
template <class To> inline To saturate(double x)
{
    constexpr To low = is_signed<To> ? static_cast<To>(1ull << (sizeof(To) * 8 - 1)) : To(0), high = static_cast<To>(~low);
    if (x != x) return 0;
    if (x <= static_cast<double>(low)) return low;
    return x >= static_cast<double>(high) ? high : static_cast<To>(x);
}
}  // namespace sgl_host
inline int __float2int_rn(float x) { return sgl_host::saturate<int>(__builtin_rint(x)); }
inline int __float2int_rz(float x) { return sgl_host::saturate<int>(__builtin_trunc(x)); }
inline int __float2int_rd(float x) { return sgl_host::saturate<int>(__builtin_floor(x)); }
inline int __float2int_ru(float x) { return sgl_host::saturate<int>(__builtin_ceil(x)); }
inline unsigned __float2uint_rn(float x) { return sgl_host::saturate<unsigned>(__builtin_rint(x)); }
inline unsigned __float2uint_rz(float x) { return sgl_host::saturate<unsigned>(__builtin_trunc(x)); }
inline long long __float2ll_rn(float x) { return sgl_host::saturate<long long>(__builtin_rint(x)); }
inline unsigned long long __float2ull_rn(float x) { return sgl_host::saturate<unsigned long long>(__builtin_rint(x)); }
inline unsigned long long __double2ull_rn(double x) { return sgl_host::saturate<unsigned long long>(__builtin_rint(x)); }
inline unsigned long long __double2ull_ru(double x) { return sgl_host::saturate<unsigned long long>(__builtin_ceil(x)); }
inline unsigned long long __double2ull_rz(double x) { return sgl_host::saturate<unsigned long long>(__builtin_trunc(x)); }
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }

inline float sqrtf(float x) { return __builtin_sqrtf(x); }
inline float rsqrtf(float x) { return 1.0f / __builtin_sqrtf(x); }
inline float __fsqrt_rn(float x) { return __builtin_sqrtf(x); }
inline float fabsf(float x) { return __builtin_fabsf(x); }
inline double fabs(double x) { return __builtin_fabs(x); }
inline double sqrt(double x) { return __builtin_sqrt(x); }
inline float fmaxf(float a, float b) { return __builtin_fmaxf(a, b); }
inline float fminf(float a, float b) { return __builtin_fminf(a, b); }
inline float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline float floorf(float x) { return __builtin_floorf(x); }
inline float ceilf(float x) { return __builtin_ceilf(x); }
inline float rintf(float x) { return __builtin_rintf(x); }
inline float truncf(float x) { return __builtin_truncf(x); }
inline float copysignf(float x, float y) { return __builtin_copysignf(x, y); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __expf(float x) { return expf(x); }
inline float __logf(float x) { return logf(x); }
inline float __frcp_rn(float x) { return 1.0f / x; }
// Contraction into a fused operation must not happen in these.
__attribute__((optimize("fp-contract=off"), noinline)) inline float __fmul_rn(float a, float b) { return a * b; }
__attribute__((optimize("fp-contract=off"), noinline)) inline float __fadd_rn(float a, float b) { return a + b; }
__attribute__((optimize("fp-contract=off"), noinline)) inline float __fsub_rn(float a, float b) { return a - b; }
__attribute__((optimize("fp-contract=off"), noinline)) inline float __fdiv_rn(float a, float b) { return a / b; }
inline void sincosf(float x, float* sine, float* cosine) { *sine = sinf(x); *cosine = cosf(x); }
// Exact at multiples of a quarter, where a product with pi is not.
inline void sincospif(float x, float* sine, float* cosine)
{
    const double r = x - 2.0 * __builtin_rint(0.5 * x);
    *sine = r == 1.0 || r == -1.0 || r == 0.0 ? 0.0f : static_cast<float>(sin(3.14159265358979323846 * r));
    *cosine = r == 0.5 || r == -0.5 ? 0.0f : static_cast<float>(cos(3.14159265358979323846 * r));
}
#undef isnan
#undef isinf
inline bool isnan(float x) { return __builtin_isnan(x); }
inline bool isinf(float x) { return __builtin_isinf(x); }
inline bool isfinite(float x) { return __builtin_isfinite(x); }

#define SGL_MIN_MAX(T, A, B) \
    inline constexpr T min(A a, B b) { return static_cast<T>(a) < static_cast<T>(b) ? static_cast<T>(a) : static_cast<T>(b); } \
    inline constexpr T max(A a, B b) { return static_cast<T>(a) < static_cast<T>(b) ? static_cast<T>(b) : static_cast<T>(a); }
SGL_MIN_MAX(int, int, int)
SGL_MIN_MAX(unsigned, unsigned, unsigned)
SGL_MIN_MAX(unsigned, int, unsigned)
SGL_MIN_MAX(unsigned, unsigned, int)
SGL_MIN_MAX(long, long, long)
SGL_MIN_MAX(unsigned long, unsigned long, unsigned long)
SGL_MIN_MAX(long long, long long, long long)
SGL_MIN_MAX(unsigned long long, unsigned long long, unsigned long long)
SGL_MIN_MAX(unsigned long long, long long, unsigned long long)
SGL_MIN_MAX(unsigned long long, unsigned long long, long long)
#undef SGL_MIN_MAX
inline float min(float a, float b) { return __builtin_fminf(a, b); }
inline float max(float a, float b) { return __builtin_fmaxf(a, b); }
inline double min(double a, double b) { return __builtin_fmin(a, b); }
inline double max(double a, double b) { return __builtin_fmax(a, b); }
inline constexpr int abs(int x) { return x < 0 ? -x : x; }
template <class T> inline T __ldg(const T* address) { return *address; }
template <class T> inline T __ldcs(const T* address) { return *address; }
template <class T> inline T __ldcg(const T* address) { return *address; }
template <class T> inline void __stcs(T* address, T value) { *address = value; }
template <class T> inline void __stcg(T* address, T value) { *address = value; }

// Entry points: what the runtime asks about a kernel, and how it calls it.
namespace sgl_host {
// The first of the __launch_bounds__.
template <class... Rest> constexpr int first(int threads, Rest...) { return threads; }

template <class... Parameters> struct Kernel {
    static constexpr int sizes[] = {static_cast<int>(sizeof(Parameters))..., 0};
    template <int... I> struct Positions {};
    template <int N, int... I> struct Range : Range<N - 1, N - 1, I...> {};
    template <int... I> struct Range<0, I...> { using type = Positions<I...>; };
    template <int... I>
    __attribute__((always_inline)) static void call(void (*kernel)(Parameters...), void* const* arguments, Positions<I...>)
    {
        kernel(*static_cast<Parameters*>(arguments[I])...);
    }
};
template <class... Parameters> Kernel<Parameters...> kernel_of(void (*)(Parameters...));
template <class... Parameters> inline int parameters(void (*)(Parameters...), const int** sizes)
{
    *sizes = Kernel<Parameters...>::sizes;
    return static_cast<int>(sizeof...(Parameters));
}
template <class... Parameters>
__attribute__((always_inline)) inline void invoke(void (*kernel)(Parameters...), void* const* arguments)
{
    using K = Kernel<Parameters...>;
    K::call(kernel, arguments, typename K::template Range<sizeof...(Parameters)>::type{});
}
}  // namespace sgl_host

#define SGL_EXPORT extern "C" __attribute__((visibility("default")))
#define SGL_EXPORT_KERNEL(number, ...) \
    SGL_EXPORT __attribute__((no_sanitize("thread"))) void sgl_kernel_##number(void* const* arguments) { sgl_host::invoke(&__VA_ARGS__, arguments); } \
    SGL_EXPORT __attribute__((no_sanitize("thread"))) int sgl_parameters_##number(const int** sizes) { return sgl_host::parameters(&__VA_ARGS__, sizes); }

// Only where a library has several kernels: tells their static shared memory apart by their symbols.
#define SGL_EXPORT_ADDRESS(number, ...) SGL_EXPORT const void* sgl_address_##number() { return reinterpret_cast<const void*>(&__VA_ARGS__); }

// Calls of these names inside a kernel's library reach the runtime, not the C library.
#if defined(__x86_64__)
#define SGL_REDIRECT(name, target) __asm__(".pushsection .text\n.globl " #name "\n.hidden " #name "\n.type " #name ",@function\n" #name ":\n\tjmp " #target "@PLT\n.popsection");
#else
#define SGL_REDIRECT(name, target) __asm__(".pushsection .text\n.globl " #name "\n.hidden " #name "\n.type " #name ",%function\n" #name ":\n\tb " #target "\n.popsection");
#endif
#define SGL_REDIRECT_LIBRARY \
    SGL_REDIRECT(__tls_get_addr, sgl_shared_address) \
    SGL_REDIRECT(memcpy, sgl_memcpy) \
    SGL_REDIRECT(memset, sgl_memset)
