// What a kernel's self-check is written with. A check is compiled together with its kernel, as the kernel is for the host, and so
// includes no library header; it fills operands, launches, and compares with a plain loop in double precision.
#pragma once
#include "include/sgl/convert.cuh"

extern "C" {
int printf(const char*, ...);
void* calloc(size_t, size_t);
void _Exit(int) __attribute__((noreturn));
double tanh(double) noexcept;
double erf(double) noexcept;
const char* sgl_message();
int sgl_memory_allocate(void* device, unsigned long long bytes, void** address);
int sgl_copy_to_device(void* device, void* to, const void* from, unsigned long long bytes);
int sgl_copy_to_host(void* device, void* to, const void* from, unsigned long long bytes);
int sgl_stream_synchronize(void* stream);
int sgl_function_get(void* module, int number, const char* name, void** function);
void sgl_function_set_dynamic(void* function, int bytes);
int sgl_function_launch(const void* request);
}

namespace check {

using namespace sgl;

// Set by the program that runs the check.
inline void *device, *stream, *module;
inline int failures;

// No check goes on after an error of the device: it is lost.
inline void require(int status)
{
    if (status == 0) return;
    printf("  %s\n", sgl_message());
    _Exit(1);
}

// The same numbers in every run.
inline u32 random_state = 1;
inline float uniform()      // in [-1, 1)
{
    random_state = random_state * 1664525u + 1013904223u;
    return static_cast<float>(static_cast<i32>(random_state)) * (1.0f / 2147483648.0f);
}

template <class T> inline T value_of(double x)
{
    if constexpr (sizeof(T) == 8 || same_type<T, i32> || same_type<T, u32>) return static_cast<T>(x);
    else return from_float<T>(static_cast<float>(x));
}
template <class T> inline double number_of(T x)
{
    if constexpr (sizeof(T) == 8 || same_type<T, i32> || same_type<T, u32>) return static_cast<double>(x);
    else return to_float(x);
}

// Memory of the device with undefined contents, and a copy of it here. Freed by the end of the program.
template <class T> struct Buffer {
    T* device = nullptr;
    T* host = nullptr;
    int count;

    explicit Buffer(int n) : count(n)
    {
        host = static_cast<T*>(calloc(n + 1, sizeof(T)));
        require(sgl_memory_allocate(check::device, (n > 0 ? n : 1) * sizeof(T), reinterpret_cast<void**>(&device)));
    }
    double operator[](int i) const { return number_of(host[i]); }
    Buffer& upload()
    {
        require(sgl_copy_to_device(check::device, device, host, count * sizeof(T)));
        return *this;
    }
    Buffer& download()
    {
        require(sgl_copy_to_host(check::device, host, device, count * sizeof(T)));
        return *this;
    }
    Buffer& set(double value)
    {
        for (int i = 0; i < count; i++) host[i] = value_of<T>(value);
        return upload();
    }
};

template <class T> inline Buffer<T> random(int count, float scale = 1, float mean = 0)
{
    Buffer<T> buffer(count);
    for (int i = 0; i < count; i++) buffer.host[i] = value_of<T>(mean + scale * uniform());
    return buffer.upload();
}

template <class T, int N> inline Buffer<T> buffer_of(const T (&values)[N])
{
    Buffer<T> buffer(N);
    for (int i = 0; i < N; i++) buffer.host[i] = values[i];
    return buffer.upload();
}

// What a kernel should write.
struct Numbers {
    double* values;
    int count;
    explicit Numbers(int n) : values(static_cast<double*>(calloc(n + 1, sizeof(double)))), count(n) {}
    double& operator[](int i) { return values[i]; }
};

// One rounding to T after float32 arithmetic on some thousand terms.
template <class T> inline constexpr double rounding = 1e-5 + 1.01 * (same_type<T, bf16> ? 0x1p-8 : same_type<T, fp16> ? 0x1p-11 : 0x1p-24);

// The measure of every comparison, the scaled error: the largest |actual − expected| / (|expected| + RMS of expected).
template <class T> inline void compare(const char* what, Buffer<T>& actual, Numbers& expected, double tolerance = rounding<T>)
{
    actual.download();
    double squares = 0, worst = 0;
    int at = 0;
    for (int i = 0; i < expected.count; i++) squares += expected[i] * expected[i];
    const double scale = sqrt(squares / max(1, expected.count)) + 1e-30;
    for (int i = 0; i < expected.count; i++) {
        const double error = fabs(actual[i] - expected[i]) / (fabs(expected[i]) + scale);
        if (error <= worst) continue;
        worst = error;      // NaN too: it stays, as nothing is larger
        at = i;
        if (error != error) break;
    }
    const bool right = worst <= tolerance;
    printf("  %-60s scaled error %.3g, at most %.3g", what, worst, tolerance);
    if (right) printf("\n");
    else printf(": WRONG, element %d is %g and should be %g\n", at, actual[at], expected[at]);
    failures += !right;
}

struct Request {
    void *function, *stream;
    unsigned grid[3], block[3], cluster[3];
    unsigned dynamic_bytes, flags;
    void* const* arguments;
    int argument_count;
};

template <auto Kernel> struct Entry;

template <auto Kernel, class Arguments> inline void launch(dim3 grid, unsigned threads, const Arguments& arguments, int shared = 0)
{
    static void* function = nullptr;
    if (function == nullptr) require(sgl_function_get(module, Entry<Kernel>::number, Entry<Kernel>::name, &function));
    if (shared > 48 << 10) sgl_function_set_dynamic(function, shared);
    void* const pointers[] = {const_cast<Arguments*>(&arguments)};
    const Request request{function, stream, {grid.x, grid.y, grid.z}, {threads, 1, 1}, {}, static_cast<unsigned>(shared), 0, pointers, 1};
    require(sgl_function_launch(&request));
    require(sgl_stream_synchronize(stream));
}

// Grid and threads of kernels that give a thread eight neighbouring elements of a row.
inline unsigned row_threads(int width) { return static_cast<unsigned>(min(256, round_up(ceil_div(width, 8), 32))); }
inline dim3 row_grid(int rows, int width) { return {static_cast<unsigned>(rows), static_cast<unsigned>(ceil_div(ceil_div(width, 8), static_cast<int>(row_threads(width))))}; }

inline double sigmoid(double x) { return 1 / (1 + exp(-x)); }

}  // namespace check

// Makes an instantiation one that can be launched.
#define KERNEL(...) SGL_CHECK_ENTRY(__COUNTER__, __VA_ARGS__)
#define SGL_CHECK_ENTRY(number, ...) SGL_CHECK_KERNEL(number, __VA_ARGS__)
#define SGL_CHECK_KERNEL(number_, ...) \
    SGL_EXPORT_KERNEL(number_, __VA_ARGS__) \
    SGL_EXPORT_ADDRESS(number_, __VA_ARGS__) \
    template <> struct check::Entry<&__VA_ARGS__> { static constexpr int number = number_; static constexpr const char* name = #__VA_ARGS__; };

// The check of a kernel file: a function body.
#define CHECK \
    SGL_REDIRECT_LIBRARY \
    static void self_check(); \
    SGL_EXPORT int sgl_self_check(void* device, void* stream, void* module) \
    { \
        check::device = device; \
        check::stream = stream; \
        check::module = module; \
        self_check(); \
        return check::failures; \
    } \
    static void self_check()
