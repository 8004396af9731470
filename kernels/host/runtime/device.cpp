#include "device.h"
#include <algorithm>
#include <chrono>
#include <cstring>

namespace sgl_host {

namespace {

std::mutex devices_lock;
std::set<Device*> devices;

double now_milliseconds()
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Threads that help the streams' own with launches and products.
struct Pool {
    struct Job {
        const std::function<void()>* work;
        int wanted, active = 0;
    };
    std::mutex lock;
    std::condition_variable changed, done;
    std::deque<Job*> jobs;
    int helpers = 0;

    Pool()
    {
        helpers = std::max(0, static_cast<int>(std::thread::hardware_concurrency()) - 1);
        for (int i = 0; i < helpers; i++) std::thread([this] { help(); }).detach();
    }

    void help()
    {
        std::unique_lock guard(lock);
        for (;;) {
            changed.wait(guard, [this] { return !jobs.empty(); });
            Job* job = jobs.front();
            if (--job->wanted == 0) jobs.pop_front();
            job->active++;
            guard.unlock();
            (*job->work)();
            guard.lock();
            if (--job->active == 0) done.notify_all();
        }
    }
};

Pool& pool()
{
    static Pool* instance = new Pool();
    return *instance;
}

}  // namespace

// Runs `work` on this thread and on helpers, each until it finds nothing left to do.
void in_parallel(u64 pieces, const std::function<void()>& work)
{
    Pool& p = pool();
    const int wanted = static_cast<int>(std::min<u64>(pieces - (pieces > 0), static_cast<u64>(p.helpers)));
    if (wanted <= 0) return work();
    Pool::Job job{&work, wanted};
    {
        std::lock_guard guard(p.lock);
        p.jobs.push_back(&job);
    }
    p.changed.notify_all();
    work();
    std::unique_lock guard(p.lock);
    std::erase(p.jobs, &job);
    p.done.wait(guard, [&job] { return job.active == 0; });
}

int Graph::nodes() const
{
    return static_cast<int>(std::count_if(works.begin(), works.end(), [](const Work& w) { return w.kind != WorkKind::Record && w.kind != WorkKind::Wait && w.kind != WorkKind::Mark; }));
}

Stream::Stream(Device& owner) : device(owner)
{
    std::lock_guard guard(device.lock);
    device.streams.insert(this);
    thread_ = std::thread([this] { work(); });
}

Stream::~Stream()
{
    {
        std::lock_guard guard(lock_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
    std::lock_guard guard(device.lock);
    device.streams.erase(this);
}

void Stream::submit(WorkKind kind, const void* identity, std::function<void()> run)
{
    if (capturing != nullptr) {
        captured++;
        capturing->works.push_back({kind, identity, std::move(run)});
        return;
    }
    {
        std::lock_guard guard(lock_);
        queue_.push_back({kind, identity, std::move(run)});
    }
    changed_.notify_all();
}

void Stream::work()
{
    std::unique_lock guard(lock_);
    for (;;) {
        changed_.wait(guard, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) return;
        Work work = std::move(queue_.front());
        queue_.pop_front();
        busy_ = true;
        // Who sees the event must see the stream idle, too: an event is recorded under the stream's lock.
        const bool record = work.kind == WorkKind::Record;
        if (!record) guard.unlock();
        bool lost;
        {
            std::lock_guard device_guard(device.lock);
            lost = !device.error.empty();
        }
        // On a lost device nothing runs, but who waits for an event or at a collective must not wait forever.
        if (!lost || record || work.kind == WorkKind::Collective) {
            try {
                work.run();
            } catch (const std::exception& e) {
                device.record_error(e.what());
            }
        }
        work.run = nullptr;
        if (!record) guard.lock();
        busy_ = false;
        if (queue_.empty()) changed_.notify_all();
    }
}

void Stream::synchronize()
{
    std::unique_lock guard(lock_);
    changed_.wait(guard, [this] { return queue_.empty() && !busy_; });
}

bool Stream::idle()
{
    std::lock_guard guard(lock_);
    return queue_.empty() && !busy_;
}

void Device::record_error(const std::string& text)
{
    std::lock_guard guard(lock);
    if (error.empty()) error = text;
}

void Device::throw_error()
{
    std::lock_guard guard(lock);
    if (!error.empty()) throw Failure(2, error);
}

void Device::synchronize()
{
    std::vector<Stream*> all;
    {
        std::lock_guard guard(lock);
        all.assign(streams.begin(), streams.end());
    }
    for (Stream* s : all) s->synchronize();
}

Device::~Device()
{
    for (Stream* s : std::set<Stream*>(streams)) delete s;
    std::lock_guard guard(devices_lock);
    devices.erase(this);
    memory.close();
}

std::string describe_device_address(const void* address)
{
    std::lock_guard guard(devices_lock);
    const auto slot = static_cast<int>(static_cast<u64>(static_cast<const char*>(address) - arena) / kDeviceRange);
    for (Device* d : devices)
        if (d->memory.slot() == slot) return d->memory.describe(address);
    return "outside every allocation";
}

void require_range(Device& device, const void* address, u64 bytes, const char* call)
{
    if (bytes == 0 || device.memory.contains(address, bytes)) return;
    {
        std::lock_guard guard(devices_lock);
        for (Device* d : devices)
            if (d != &device && (device.accessible.load() >> d->memory.slot() & 1) && d->memory.contains(address, bytes)) return;
    }
    char hex[40];
    std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(reinterpret_cast<u64>(address)));
    throw Failure(1, std::string(call) + ": " + std::to_string(bytes) + " bytes at " + hex + " are not the device's memory (" +
                         (in_arena(address) ? describe_device_address(address) : "an address of the host") + ")");
}

int max_active_blocks(const Device& device, const Function& function, int threads, int dynamic)
{
    const Limits& l = device.limits;
    if (threads < 1 || threads > function.max_threads) return 0;
    const int warps = (threads + kWarp - 1) / kWarp;
    const int shared = (static_cast<int>(function.static_bytes) + dynamic + l.shared_reserved + 127) / 128 * 128;
    return std::min({l.blocks_per_multiprocessor, l.threads_per_multiprocessor / (warps * kWarp), l.shared_per_multiprocessor / shared});
}

}  // namespace sgl_host

using namespace sgl_host;

void find_entry(Function& function, int number);

// The interface to the program. Every call returns 0 or a Failure's code; the text is then in sgl_message.
namespace {

thread_local std::string message;

template <class F>
int guarded(F f)
{
    try {
        f();
        return 0;
    } catch (const Failure& e) {
        message = e.what();
        return e.code;
    } catch (const std::exception& e) {
        message = e.what();
        return 1;
    }
}

std::string dims(const Dim& d) { return "(" + std::to_string(d.x) + ", " + std::to_string(d.y) + ", " + std::to_string(d.z) + ")"; }

struct LaunchRequest {
    Function* function;
    Stream* stream;
    u32 grid[3], block[3], cluster[3];
    u32 dynamic_bytes;
    u32 flags;                      // 1 cooperative, 2 dependent
    void* const* arguments;
    int argument_count;
};

// Everything a real device would refuse, with the numbers.
void validate(const Device& device, const LaunchRequest& r)
{
    const Function& f = *r.function;
    const Limits& l = device.limits;
    const Dim grid{r.grid[0], r.grid[1], r.grid[2]}, block{r.block[0], r.block[1], r.block[2]}, cluster{r.cluster[0], r.cluster[1], r.cluster[2]};
    const auto refuse = [&](const std::string& why) {
        throw Failure(1, "launch of " + f.name + " refused: grid " + dims(grid) + ", block " + dims(block) + ", " + std::to_string(r.dynamic_bytes) +
                             " bytes of dynamic shared memory" + (cluster.count() > 0 ? ", cluster " + dims(cluster) : "") +
                             (r.flags & 1 ? ", cooperative" : "") + ": " + why);
    };
    const auto zero = [](const Dim& d) { return d.x == 0 || d.y == 0 || d.z == 0; };
    if (zero(grid)) refuse("the grid has no blocks");
    if (grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535) refuse("a grid has at most 2147483647 x 65535 x 65535 blocks");
    if (zero(block)) refuse("the block has no threads");
    if (block.count() > static_cast<u64>(l.threads_per_block) || block.x > 1024 || block.y > 1024 || block.z > 64) refuse("a block has at most 1024 threads, 1024 x 1024 x 64");
    if (block.count() > static_cast<u64>(f.max_threads)) refuse("the kernel's __launch_bounds__ allow " + std::to_string(f.max_threads) + " threads");
    if (r.dynamic_bytes > static_cast<u32>(f.max_dynamic))
        refuse("the kernel may use " + std::to_string(f.max_dynamic) + " bytes until more are asked for with SetMaxDynamicSharedMemory");
    if (r.dynamic_bytes + f.static_bytes > static_cast<u64>(l.shared_per_block_opt_in))
        refuse("with " + std::to_string(f.static_bytes) + " static ones a block would need more than " + std::to_string(l.shared_per_block_opt_in));
    if (!zero(cluster) && cluster.count() > 0) {
        if (grid.x % cluster.x != 0 || grid.y % cluster.y != 0 || grid.z % cluster.z != 0) refuse("the cluster does not divide the grid");
        if (cluster.count() > static_cast<u64>(l.max_cluster)) refuse("a cluster has at most 16 blocks");
        if (cluster.count() > static_cast<u64>(l.max_portable_cluster) && !f.large_clusters) refuse("clusters above 8 blocks must be allowed with AllowNonPortableClusterSize");
    }
    const int active = max_active_blocks(device, f, static_cast<int>(block.count()), static_cast<int>(r.dynamic_bytes));
    if (active == 0) refuse("not one block fits a multiprocessor");
    if ((r.flags & 1) && grid.count() > static_cast<u64>(active) * static_cast<u64>(l.multiprocessors))
        refuse("a cooperative grid must be resident as a whole, " + std::to_string(active * l.multiprocessors) + " blocks at most");
    if (static_cast<std::size_t>(r.argument_count) != f.parameter_sizes.size())
        throw Failure(4, f.name + " takes " + std::to_string(f.parameter_sizes.size()) + " parameters, not " + std::to_string(r.argument_count));
}

void run(Stream& stream, const Function& function, const LaunchRequest& r, const std::shared_ptr<std::vector<char>>& parameters, const std::vector<std::size_t>& offsets)
{
    Device& device = stream.device;
    Launch launch;
    launch.device = &device;
    launch.module = function.module.get();
    launch.kernel = function.name;
    launch.entry = function.entry;
    for (const std::size_t offset : offsets) launch.arguments.push_back(parameters->data() + offset);
    launch.grid = {r.grid[0], r.grid[1], r.grid[2]};
    launch.block = {r.block[0], r.block[1], r.block[2]};
    launch.dynamic_bytes = r.dynamic_bytes;
    launch.cooperative = r.flags & 1;
    launch.dependent = r.flags & 2;
    if (r.cluster[0] != 0) {
        launch.cluster = {r.cluster[0], r.cluster[1], r.cluster[2]};
        launch.clustered = true;
    }
    launch.group_blocks = launch.cooperative ? launch.grid.count() : launch.cluster.count();
    launch.groups = launch.grid.count() / launch.group_blocks;
    launch.tag = device.grids.fetch_add(1) % kTagMask + 1;
    launch.previous_tag = launch.dependent ? stream.last_grid_tag : 0;
    {
        std::lock_guard guard(device.lock);
        device.launches[function.name]++;
    }
    if (!run_launch(launch)) throw Failure(2, launch.error);
    stream.last_grid_tag = launch.tag;
}

void submit_copy(Stream& stream, void* to, const void* from, u64 bytes, bool to_device, bool from_device)
{
    stream.device.throw_error();
    if (to_device) require_range(stream.device, to, bytes, "copy");
    if (from_device) require_range(stream.device, from, bytes, "copy");
    if (bytes == 0) return;
    stream.submit(WorkKind::Copy, nullptr, [&stream, to, from, bytes, to_device, from_device] {
        // Again: a graph may be replayed after its memory was freed.
        if (to_device) require_range(stream.device, to, bytes, "copy");
        if (from_device) require_range(stream.device, from, bytes, "copy");
        std::memmove(to, from, bytes);
        if (to_device && from_device) copy_states(to, from, bytes);
        else if (to_device) mark_written(to, bytes, 0);
        stream.last_grid_tag = 0;
    });
}

}  // namespace

int guarded_call(const std::function<void()>& f) { return guarded(f); }

#define SGL_API extern "C" __attribute__((visibility("default")))

SGL_API const char* sgl_message() { return message.c_str(); }

SGL_API int sgl_device_open(int ordinal, u64 memory, int checked, Device** result)
{
    return guarded([&] {
        catch_faults();
        auto device = std::make_unique<Device>();
        device->ordinal = ordinal;
        device->checked = checked != 0;
        if (!device->memory.open(memory, checked != 0)) throw Failure(1, "no address space is left for another emulated device");
        device->accessible = 1ull << device->memory.slot();
        std::lock_guard guard(devices_lock);
        devices.insert(device.get());
        *result = device.release();
    });
}

SGL_API void sgl_device_close(Device* device) { delete device; }

SGL_API int sgl_device_synchronize(Device* device)
{
    return guarded([&] {
        device->synchronize();
        device->throw_error();
    });
}

SGL_API int sgl_device_allow_peer(Device* device, Device* peer)
{
    return guarded([&] { device->accessible |= 1ull << peer->memory.slot(); });
}

SGL_API u64 sgl_memory_free_bytes(Device* device) { return device->memory.free_bytes(); }

SGL_API int sgl_memory_allocate(Device* device, u64 bytes, void** result)
{
    return guarded([&] {
        device->throw_error();
        std::string error;
        *result = device->memory.allocate(bytes, error);
        if (*result == nullptr) throw Failure(3, error);
    });
}

SGL_API int sgl_memory_free(Device* device, void* address)
{
    return guarded([&] {
        if (address == nullptr) return;
        device->synchronize();
        std::string error;
        if (!device->memory.free(static_cast<char*>(address), error)) throw Failure(1, error);
    });
}

SGL_API int sgl_memory_reserve(Device* device, u64 bytes, void** result)
{
    return guarded([&] {
        *result = device->memory.reserve(bytes);
        if (*result == nullptr) throw Failure(3, "no addresses are left");
    });
}

SGL_API int sgl_memory_map(Device* device, void* address, u64 bytes)
{
    return guarded([&] {
        std::string error;
        if (!device->memory.map(static_cast<char*>(address), bytes, error)) throw Failure(3, error);
    });
}

SGL_API void sgl_memory_unmap(Device* device, void* address, u64 bytes) { device->memory.unmap(static_cast<char*>(address), bytes); }
SGL_API void sgl_memory_release(Device* device, void* address, u64 bytes) { device->memory.release(static_cast<char*>(address), bytes); }
SGL_API void sgl_pinned_add(void* address, u64 bytes) { add_pinned(static_cast<char*>(address), bytes); }
SGL_API void sgl_pinned_remove(void* address) { remove_pinned(static_cast<char*>(address)); }

SGL_API int sgl_copy_to_device(Device* device, void* to, const void* from, u64 bytes)
{
    return guarded([&] {
        device->throw_error();
        require_range(*device, to, bytes, "copy");
        std::memcpy(to, from, bytes);
        mark_written(to, bytes, 0);
    });
}

SGL_API int sgl_copy_to_host(Device* device, void* to, const void* from, u64 bytes)
{
    return guarded([&] {
        device->throw_error();
        require_range(*device, from, bytes, "copy");
        std::memcpy(to, from, bytes);
    });
}

SGL_API int sgl_stream_copy(Stream* stream, void* to, const void* from, u64 bytes, int to_device, int from_device)
{
    return guarded([&] { submit_copy(*stream, to, from, bytes, to_device != 0, from_device != 0); });
}

SGL_API int sgl_stream_fill(Stream* stream, void* to, u32 value, int width, u64 count)
{
    return guarded([&] {
        stream->device.throw_error();
        const u64 bytes = count * static_cast<u64>(width);
        require_range(stream->device, to, bytes, "fill");
        if (reinterpret_cast<u64>(to) % static_cast<u64>(width) != 0) throw Failure(1, "fill: the address is not a multiple of " + std::to_string(width));
        if (count == 0) return;
        stream->submit(WorkKind::Fill, nullptr, [=] {
            require_range(stream->device, to, bytes, "fill");
            if (width == 1) std::memset(to, static_cast<int>(value), bytes);
            else std::fill_n(static_cast<u32*>(to), count, value);
            mark_written(to, bytes, 0);
            stream->last_grid_tag = 0;
        });
    });
}

// Memory that the program gives out in parts of its own, in the order of the stream.
SGL_API int sgl_stream_mark(Stream* stream, void* address, u64 bytes, int handed_out)
{
    return guarded([&] {
        stream->device.throw_error();
        require_range(stream->device, address, bytes, "mark");
        stream->submit(WorkKind::Mark, nullptr, [=] {
            DeviceMemory& memory = stream->device.memory;
            // Not there any more when a graph is replayed after its memory was freed; who uses it then is told so.
            if (!memory.contains(address, bytes)) return;
            if (handed_out) memory.hand_out(static_cast<char*>(address), bytes);
            else memory.take_back(static_cast<char*>(address), bytes);
        });
    });
}

SGL_API int sgl_stream_create(Device* device, Stream** result)
{
    return guarded([&] {
        device->throw_error();
        *result = new Stream(*device);
    });
}

SGL_API void sgl_stream_destroy(Stream* stream) { delete stream; }
SGL_API int sgl_stream_capturing(Stream* stream) { return stream->capturing != nullptr; }
SGL_API int sgl_stream_idle(Stream* stream) { return stream->idle(); }

SGL_API int sgl_stream_synchronize(Stream* stream)
{
    return guarded([&] {
        if (stream->capturing != nullptr) throw Failure(1, "a stream that is being captured cannot be synchronised");
        stream->synchronize();
        stream->device.throw_error();
    });
}

using EventHandle = std::shared_ptr<Event>;

SGL_API EventHandle* sgl_event_create() { return new EventHandle(std::make_shared<Event>()); }
SGL_API void sgl_event_destroy(EventHandle* event) { delete event; }

SGL_API int sgl_event_completed(EventHandle* event)
{
    std::lock_guard guard((*event)->lock);
    return (*event)->completed == (*event)->recorded;
}

SGL_API int sgl_event_synchronize(Device* device, EventHandle* event)
{
    return guarded([&] {
        {
            Event& e = **event;
            std::unique_lock guard(e.lock);
            if (e.capturing != nullptr) throw Failure(1, "an event recorded during a capture cannot be waited for by the host");
            const u64 wanted = e.recorded;
            e.changed.wait(guard, [&] { return e.completed >= wanted; });
        }
        device->throw_error();
    });
}

SGL_API double sgl_event_milliseconds(EventHandle* event)
{
    std::lock_guard guard((*event)->lock);
    return (*event)->milliseconds;
}

static std::function<void()> complete(const EventHandle& e, u64 number)
{
    return [e, number] {
        std::lock_guard guard(e->lock);
        e->completed = std::max(e->completed, number);
        e->milliseconds = now_milliseconds();
        e->changed.notify_all();
    };
}

SGL_API int sgl_stream_record(Stream* stream, EventHandle* event)
{
    return guarded([&] {
        EventHandle e = *event;
        stream->device.throw_error();
        u64 number = 0;
        {
            std::lock_guard guard(e->lock);
            e->capturing = stream->capturing;
            e->recorded_in = stream;
            e->recorded_position = stream->captured;
            if (stream->capturing == nullptr) number = ++e->recorded;
        }
        if (stream->capturing == nullptr) stream->submit(WorkKind::Record, nullptr, complete(e, number));
    });
}

SGL_API int sgl_stream_wait(Stream* stream, EventHandle* event)
{
    return guarded([&] {
        EventHandle e = *event;
        stream->device.throw_error();
        u64 number = 0;
        {
            std::lock_guard guard(e->lock);
            if (e->capturing != nullptr) {
                // Works of a graph run in the order in which they were recorded, so the dependency holds by itself.
                if (stream->capturing == nullptr) {
                    stream->capturing = e->capturing;
                    stream->captured = stream->joined = 0;
                    e->capturing->streams.insert(stream);
                } else if (stream->capturing != e->capturing) {
                    throw Failure(1, "the event belongs to another capture");
                }
                if (e->recorded_in != nullptr && e->recorded_in != stream) e->recorded_in->joined = std::max(e->recorded_in->joined, e->recorded_position);
                return;
            }
            if (stream->capturing != nullptr) throw Failure(1, "a captured stream cannot wait for an event recorded outside the capture");
            number = e->recorded;
            if (e->completed >= number) return;
        }
        stream->submit(WorkKind::Wait, nullptr, [e, number] {
            std::unique_lock guard(e->lock);
            e->changed.wait(guard, [&] { return e->completed >= number; });
        });
    });
}

SGL_API int sgl_stream_begin_capture(Stream* stream)
{
    return guarded([&] {
        stream->device.throw_error();
        if (stream->capturing != nullptr) throw Failure(1, "the stream is being captured already");
        auto* graph = new Graph();
        graph->origin = stream;
        graph->streams.insert(stream);
        stream->capturing = graph;
        stream->captured = stream->joined = 0;
    });
}

using GraphHandle = std::shared_ptr<Graph>;

SGL_API int sgl_stream_end_capture(Stream* stream, GraphHandle** result, int* nodes)
{
    return guarded([&] {
        GraphHandle graph(stream->capturing);
        if (graph == nullptr || graph->origin != stream) throw Failure(1, "no capture was begun on this stream");
        bool joined = true;
        for (Stream* s : graph->streams) {
            if (s != stream && s->joined < s->captured) joined = false;
            s->capturing = nullptr;
        }
        if (!joined) throw Failure(1, "the capture has work in another stream that was not joined back before its end");
        *nodes = graph->nodes();
        *result = new GraphHandle(graph);
    });
}

SGL_API GraphHandle* sgl_graph_copy(GraphHandle* graph) { return new GraphHandle(std::make_shared<Graph>(**graph)); }
SGL_API void sgl_graph_destroy(GraphHandle* graph) { delete graph; }

SGL_API int sgl_graph_update(GraphHandle* executable, GraphHandle* graph)
{
    const Graph &a = **executable, &b = **graph;
    if (a.works.size() != b.works.size()) return 0;
    for (std::size_t i = 0; i < a.works.size(); i++)
        if (a.works[i].kind != b.works[i].kind || a.works[i].identity != b.works[i].identity) return 0;
    // Replays that are queued keep the old works.
    *executable = std::make_shared<Graph>(b);
    return 1;
}

SGL_API int sgl_graph_launch(GraphHandle* executable, Stream* stream)
{
    return guarded([&] {
        stream->device.throw_error();
        stream->submit(WorkKind::Graph, nullptr, [graph = *executable, stream] {
            for (const Work& work : graph->works) work.run();
            stream->last_grid_tag = 0;
        });
    });
}

using ModuleHandle = std::shared_ptr<Module>;

SGL_API int sgl_module_load(Device* device, const char* path, ModuleHandle** result)
{
    return guarded([&] {
        device->throw_error();
        *result = new ModuleHandle(load_module(path, device->checked));
    });
}

SGL_API void sgl_module_unload(ModuleHandle* module) { delete module; }

SGL_API int sgl_function_launch(const LaunchRequest* request)
{
    return guarded([&] {
        Stream& stream = *request->stream;
        stream.device.throw_error();
        const Function& f = *request->function;
        validate(stream.device, *request);
        auto parameters = std::make_shared<std::vector<char>>();
        std::vector<std::size_t> offsets;
        std::size_t total = 0;
        for (const int size : f.parameter_sizes) {
            offsets.push_back(total);
            total += (static_cast<std::size_t>(size) + 63) / 64 * 64;
        }
        parameters->resize(total + 64);
        const std::size_t shift = (64 - reinterpret_cast<u64>(parameters->data()) % 64) % 64;
        for (std::size_t i = 0; i < offsets.size(); i++) {
            offsets[i] += shift;
            std::memcpy(parameters->data() + offsets[i], request->arguments[i], static_cast<std::size_t>(f.parameter_sizes[i]));
        }
        stream.submit(WorkKind::Launch, &f, [&stream, f, r = *request, parameters, offsets] { run(stream, f, r, parameters, offsets); });
    });
}

SGL_API int sgl_function_get(ModuleHandle* module, int number, const char* name, Function** result)
{
    return guarded([&] {
        auto f = std::make_unique<Function>();
        f->module = *module;
        f->name = name;
        find_entry(*f, number);
        *result = f.release();
    });
}

SGL_API void sgl_function_release(Function* function) { delete function; }
SGL_API int sgl_function_static_shared(Function* function) { return static_cast<int>(function->static_bytes); }
SGL_API int sgl_function_max_threads(Function* function) { return function->max_threads; }
SGL_API int sgl_function_parameters(Function* function, const int** sizes)
{
    *sizes = function->parameter_sizes.data();
    return static_cast<int>(function->parameter_sizes.size());
}
SGL_API void sgl_function_set_dynamic(Function* function, int bytes) { function->max_dynamic = bytes; }
SGL_API void sgl_function_allow_large_clusters(Function* function) { function->large_clusters = true; }
SGL_API int sgl_function_active_blocks(Device* device, Function* function, int threads, int dynamic) { return max_active_blocks(*device, *function, threads, dynamic); }

// Names of the kernels launched so far, one by one; null after the last.
SGL_API const char* sgl_device_launched(Device* device, int index)
{
    std::lock_guard guard(device->lock);
    if (index >= static_cast<int>(device->launches.size())) return nullptr;
    return std::next(device->launches.begin(), index)->first.c_str();
}
