// A device as the program sees it: memory, streams of work, events, graphs, modules, launches.
#pragma once
#include "checks.h"
#include "memory.h"
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace sgl_host {

// A variable in static shared memory.
struct SharedVariable {
    std::string name;       // demangled
    std::string symbol;
    std::size_t offset, bytes;
};

// A kernel library.
struct Module {
    void* handle = nullptr;
    bool checked = false;
    std::string path;
    std::size_t shared_bytes = 0;       // of the segment, gaps between arrays included
    std::vector<SharedVariable> shared_variables;
    const char* image_begin = nullptr;
    const char* image_end = nullptr;
    ~Module();
};

struct Function {
    std::shared_ptr<Module> module;
    std::string name;
    void (*entry)(void* const*) = nullptr;
    std::vector<int> parameter_sizes;
    int max_threads = 1024;
    std::size_t static_bytes = 0;       // as the device counts them
    int max_dynamic = 48 << 10;
    bool large_clusters = false;
};

struct Event {
    std::mutex lock;
    std::condition_variable changed;
    u64 recorded = 0, completed = 0;
    double milliseconds = 0;
    struct Graph* capturing = nullptr;
    struct Stream* recorded_in = nullptr;
    u64 recorded_position = 0;
};

enum class WorkKind : u8 { Launch, Copy, Fill, Gemm, Collective, Record, Wait, Mark, Graph };

struct Work {
    WorkKind kind;
    const void* identity;                       // the function of a launch
    std::function<void()> run;
};

struct Graph {
    std::vector<Work> works;
    Stream* origin = nullptr;
    std::set<Stream*> streams;
    int nodes() const;
};

struct Stream {
    explicit Stream(Device& owner);
    ~Stream();
    void submit(WorkKind kind, const void* identity, std::function<void()> run);
    void synchronize();
    bool idle();

    Device& device;
    Graph* capturing = nullptr;
    u64 captured = 0, joined = 0;               // works recorded here during a capture, and how many the origin waits for
    u32 last_grid_tag = 0;                      // of the newest grid in the stream; 0 where something else came after it

private:
    void work();
    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<Work> queue_;
    bool busy_ = false, ending_ = false;
    std::thread thread_;
};

struct Limits {
    int multiprocessors = 132;
    int shared_per_block = 48 << 10, shared_per_block_opt_in = 227 << 10, shared_per_multiprocessor = 228 << 10, shared_reserved = 1 << 10;
    int threads_per_block = 1024, threads_per_multiprocessor = 2048, blocks_per_multiprocessor = 32;
    int max_portable_cluster = 8, max_cluster = 16;
};

struct Device {
    int ordinal = 0;
    bool checked = false;
    Limits limits;
    DeviceMemory memory;
    std::mutex lock;
    std::string error;                          // the first error of asynchronous work; the device is lost from then on
    std::set<Stream*> streams;
    std::atomic<u64> accessible{0};             // slots of devices whose memory may be touched
    std::atomic<u32> grids{0};
    std::map<std::string, u64> launches;        // of each kernel
    void record_error(const std::string& text);
    void throw_error();
    void synchronize();
    ~Device();
};

inline u64 accessible_devices(const Device& device) { return device.accessible.load(std::memory_order_relaxed); }
std::string describe_device_address(const void* address);

// What a call reports instead of a result.
struct Failure : std::runtime_error {
    int code;       // 1 ordinary, 2 fatal, 3 out of memory, 4 bad argument
    Failure(int c, const std::string& text) : std::runtime_error(text), code(c) {}
};

std::shared_ptr<Module> load_module(const std::string& path, bool checked);
int max_active_blocks(const Device& device, const Function& function, int threads, int dynamic);
void require_range(Device& device, const void* address, u64 bytes, const char* call);

}  // namespace sgl_host
