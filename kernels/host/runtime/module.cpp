// Kernel libraries: loading them, and what their tables say of static shared memory.
#include "device.h"
#include <algorithm>
#include <cstring>
#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <link.h>

namespace sgl_host {

namespace {

std::string demangle(const char* symbol)
{
    int status = 0;
    char* text = abi::__cxa_demangle(symbol, nullptr, nullptr, &status);
    std::string name = status == 0 ? text : symbol;
    std::free(text);
    // "void sgl::k<…>(Arguments)::scratch": the variable's own name is enough beside the kernel's.
    const auto colon = name.rfind("::");
    return colon == std::string::npos ? name : name.substr(colon + 2);
}

void read_tables(Module& module)
{
    std::ifstream file(module.path, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (bytes.size() < sizeof(Elf64_Ehdr) || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) throw Failure(1, module.path + " is no library");
    const auto* header = reinterpret_cast<const Elf64_Ehdr*>(bytes.data());
    const auto* programs = reinterpret_cast<const Elf64_Phdr*>(bytes.data() + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++)
        if (programs[i].p_type == PT_TLS) module.shared_bytes = (programs[i].p_memsz + 127) / 128 * 128;
    const auto* sections = reinterpret_cast<const Elf64_Shdr*>(bytes.data() + header->e_shoff);
    for (int i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB) continue;
        const char* strings = bytes.data() + sections[sections[i].sh_link].sh_offset;
        const auto* symbols = reinterpret_cast<const Elf64_Sym*>(bytes.data() + sections[i].sh_offset);
        for (u64 s = 0; s < sections[i].sh_size / sizeof(Elf64_Sym); s++)
            if (ELF64_ST_TYPE(symbols[s].st_info) == STT_TLS && symbols[s].st_size > 0 && symbols[s].st_shndx != SHN_UNDEF) {
                const char* symbol = strings + symbols[s].st_name;
                module.shared_variables.push_back({demangle(symbol), symbol, symbols[s].st_value, symbols[s].st_size});
            }
    }
}

}  // namespace

Module::~Module()
{
    if (handle != nullptr) dlclose(handle);
}

std::shared_ptr<Module> load_module(const std::string& path, bool checked)
{
    auto module = std::make_shared<Module>();
    module->path = path;
    module->checked = checked;
    read_tables(*module);
    module->handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module->handle == nullptr) throw Failure(1, dlerror());
    const void* any = dlsym(module->handle, "sgl_kernel_0");
    Dl_info info{};
    if (any == nullptr || dladdr(any, &info) == 0) throw Failure(1, path + " is no kernel library");
    struct Search { const char* base; Module* module; } search{static_cast<const char*>(info.dli_fbase), module.get()};
    dl_iterate_phdr(
        [](dl_phdr_info* object, std::size_t, void* data) {
            auto& s = *static_cast<Search*>(data);
            if (reinterpret_cast<const char*>(object->dlpi_addr) != s.base) return 0;
            u64 end = 0;
            for (int i = 0; i < object->dlpi_phnum; i++)
                if (object->dlpi_phdr[i].p_type == PT_LOAD) end = std::max(end, static_cast<u64>(object->dlpi_phdr[i].p_vaddr + object->dlpi_phdr[i].p_memsz));
            s.module->image_begin = s.base;
            s.module->image_end = s.base + end;
            return 1;
        },
        &search);
    return module;
}

// {library+offset}: the program replaces it by file and line.
std::string module_position(const void* code)
{
    Dl_info info{};
    if (code == nullptr || dladdr(code, &info) == 0 || info.dli_fname == nullptr) return "";
    char offset[32];
    std::snprintf(offset, sizeof offset, "%lx", static_cast<unsigned long>(static_cast<const char*>(code) - static_cast<const char*>(info.dli_fbase)));
    return std::string(" {") + info.dli_fname + "+0x" + offset + "}";
}

}  // namespace sgl_host

using namespace sgl_host;

void find_entry(Function& function, int number)
{
    const std::string suffix = std::to_string(number);
    void* handle = function.module->handle;
    function.entry = reinterpret_cast<void (*)(void* const*)>(dlsym(handle, ("sgl_kernel_" + suffix).c_str()));
    auto* parameters = reinterpret_cast<int (*)(const int**)>(dlsym(handle, ("sgl_parameters_" + suffix).c_str()));
    if (function.entry == nullptr || parameters == nullptr) throw Failure(1, function.module->path + " has no kernel " + suffix);
    if (auto* bounds = reinterpret_cast<int (*)()>(dlsym(handle, ("sgl_max_threads_" + suffix).c_str()))) function.max_threads = bounds();
    const int* sizes = nullptr;
    const int count = parameters(&sizes);
    function.parameter_sizes.assign(sizes, sizes + count);

    // A variable of another kernel of the same library is named after that kernel: "_ZZ" and the rest of its symbol. Those of
    // functions that the kernel calls count for every kernel.
    Dl_info info{};
    auto* address = reinterpret_cast<const void* (*)()>(dlsym(handle, ("sgl_address_" + suffix).c_str()));
    std::string own;
    if (address != nullptr && dladdr(address(), &info) != 0 && info.dli_sname != nullptr) own = info.dli_sname;
    std::vector<std::string> others;
    for (int other = 0;; other++) {
        auto* next = reinterpret_cast<const void* (*)()>(dlsym(handle, ("sgl_address_" + std::to_string(other)).c_str()));
        if (next == nullptr) break;
        if (other != number && dladdr(next(), &info) != 0 && info.dli_sname != nullptr) others.push_back(info.dli_sname);
    }
    const auto belongs = [](const std::string& variable, const std::string& kernel) {
        const std::string inner = kernel.starts_with("_Z") ? kernel.substr(2) : std::to_string(kernel.size()) + kernel;
        return variable.starts_with("_ZZ" + inner + "E");
    };
    auto variables = function.module->shared_variables;
    std::sort(variables.begin(), variables.end(), [](const SharedVariable& a, const SharedVariable& b) { return a.offset < b.offset; });
    for (const SharedVariable& v : variables) {
        bool foreign = false;
        for (const std::string& other : others) foreign |= belongs(v.symbol, other);
        if (!foreign) function.static_bytes = (function.static_bytes + 15) / 16 * 16 + v.bytes;
    }
}
