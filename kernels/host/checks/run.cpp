// Runs the self-check of a kernel: sgl-check LIBRARY.
#include <cstdio>
#include <dlfcn.h>

extern "C" {
const char* sgl_message();
int sgl_device_open(int ordinal, unsigned long long memory, int checked, void** device);
int sgl_stream_create(void* device, void** stream);
int sgl_module_load(void* device, const char* path, void** module);
}

int main(int count, char** words)
{
    if (count != 2) return std::fprintf(stderr, "usage: sgl-check LIBRARY\n"), 2;
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    void *device = nullptr, *stream = nullptr, *module = nullptr;
    constexpr unsigned long long memory = 1ull << 30;
    if (sgl_device_open(0, memory, 1, &device) != 0 || sgl_stream_create(device, &stream) != 0 || sgl_module_load(device, words[1], &module) != 0)
        return std::fprintf(stderr, "%s\n", sgl_message()), 2;
    void* const library = dlopen(words[1], RTLD_NOW);
    auto* const check = library == nullptr ? nullptr : reinterpret_cast<int (*)(void*, void*, void*)>(dlsym(library, "sgl_self_check"));
    if (check == nullptr) return std::fprintf(stderr, "%s has no self-check\n", words[1]), 2;
    return check(device, stream, module) == 0 ? 0 : 1;
}
