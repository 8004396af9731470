// Groups of devices: every rank's stream brings its buffers to a meeting, takes what it needs, and leaves when all have taken.
#include "device.h"
#include "numbers.h"
#include <algorithm>
#include <cstring>

namespace sgl_host {

namespace {

enum class Element : int { Float32, BFloat16, Float16, E4M3, E5M2, Int32, Int64, UInt8, Int8 };

int size_of(int type)
{
    switch (static_cast<Element>(type)) {
    case Element::Float32: case Element::Int32: return 4;
    case Element::BFloat16: case Element::Float16: return 2;
    case Element::Int64: return 8;
    default: return 1;
    }
}

double read(const char* base, u64 i, int type)
{
    switch (static_cast<Element>(type)) {
    case Element::Float32: return reinterpret_cast<const float*>(base)[i];
    case Element::BFloat16: return bf16_value(reinterpret_cast<const u16*>(base)[i]);
    case Element::Float16: return fp16_value(reinterpret_cast<const u16*>(base)[i]);
    case Element::Int32: return reinterpret_cast<const std::int32_t*>(base)[i];
    case Element::UInt8: return reinterpret_cast<const u8*>(base)[i];
    case Element::Int8: return reinterpret_cast<const signed char*>(base)[i];
    default: throw Failure(1, "a collective cannot reduce elements of this type");
    }
}

void write(char* base, u64 i, int type, double value)
{
    switch (static_cast<Element>(type)) {
    case Element::Float32: reinterpret_cast<float*>(base)[i] = static_cast<float>(value); break;
    case Element::BFloat16: reinterpret_cast<u16*>(base)[i] = bf16_bits(static_cast<float>(value)); break;
    case Element::Float16: reinterpret_cast<u16*>(base)[i] = fp16_bits(static_cast<float>(value)); break;
    case Element::Int32: reinterpret_cast<std::int32_t*>(base)[i] = static_cast<std::int32_t>(value); break;
    default: reinterpret_cast<u8*>(base)[i] = static_cast<u8>(static_cast<int>(value)); break;
    }
}

}  // namespace

struct Call {
    int kind;               // 0 all-reduce, 1 all-gather, 2 reduce-scatter, 3 broadcast
    const char* from;
    char* to;
    u64 count;
    int type, operation, root;
    bool same(const Call& o) const { return kind == o.kind && count == o.count && type == o.type && operation == o.operation && root == o.root; }
};

struct Transfer { bool send; char* memory; u64 bytes; int peer; };

struct RankGroup {
    explicit RankGroup(int n) : size(n), calls(static_cast<std::size_t>(n)) {}
    const int size;
    std::mutex lock;
    std::condition_variable changed;
    int joined = 0, left = 0;
    bool aborted = false;
    std::string trouble;
    std::vector<Call> calls;
    int arrived = 0;
    u64 round = 0;
    std::map<std::pair<int, int>, std::deque<Transfer*>> mail;   // (from, to)

    // All ranks come here before any goes on.
    void meet(std::unique_lock<std::mutex>& guard)
    {
        const u64 mine = round;
        if (++arrived == size) {
            arrived = 0;
            round++;
            changed.notify_all();
        } else {
            changed.wait(guard, [&] { return round != mine || aborted; });
        }
        if (aborted) throw Failure(1, "the group of devices was aborted" + trouble);
    }
};

struct Communicator {
    std::shared_ptr<RankGroup> group;
    Device* device;
    int rank;
    bool grouping = false;
    std::vector<Transfer> transfers;
    Stream* stream = nullptr;
};

namespace {

std::mutex groups_lock;
std::map<std::string, std::weak_ptr<RankGroup>> groups;

void run_call(RankGroup& g, int rank, const Call& call)
{
    std::unique_lock guard(g.lock);
    g.calls[static_cast<std::size_t>(rank)] = call;
    g.meet(guard);
    for (int r = 0; r < g.size; r++)
        if (!g.calls[static_cast<std::size_t>(r)].same(call)) {
            g.trouble = ": ranks " + std::to_string(rank) + " and " + std::to_string(r) + " called different collectives, or with different counts or types";
            g.aborted = true;
            g.changed.notify_all();
            throw Failure(2, "collective of rank " + std::to_string(rank) + g.trouble);
        }
    const std::vector<Call> calls = g.calls;
    guard.unlock();
    const auto size = static_cast<u64>(size_of(call.type)), ranks = static_cast<u64>(g.size);
    std::vector<char> result;
    if (call.kind == 0 || call.kind == 2) {
        result.resize(call.count * size);
        const u64 first = call.kind == 2 ? call.count * static_cast<u64>(rank) : 0;
        for (u64 i = 0; i < call.count; i++) {
            double value = read(calls[0].from, first + i, call.type);
            // In the order of the ranks, rounded to float32 as a device would, so that all ranks get the same bits.
            for (u64 r = 1; r < ranks; r++) {
                const double other = read(calls[r].from, first + i, call.type);
                switch (call.operation) {
                case 1: value = static_cast<float>(value * other); break;
                case 2: value = std::max(value, other); break;
                case 3: value = std::min(value, other); break;
                default: value = call.type == static_cast<int>(Element::Int32) ? value + other : static_cast<float>(value + other); break;
                }
            }
            write(result.data(), i, call.type, call.operation == 4 ? value / static_cast<double>(ranks) : value);
        }
    } else if (call.kind == 1) {
        result.resize(call.count * size * ranks);
        for (u64 r = 0; r < ranks; r++) std::memcpy(result.data() + r * call.count * size, calls[r].from, call.count * size);
    } else {
        result.resize(call.count * size);
        std::memcpy(result.data(), calls[static_cast<std::size_t>(call.root)].from, call.count * size);
    }
    guard.lock();
    g.meet(guard);      // source and destination may be the same: nobody writes before all have read
    guard.unlock();
    std::memcpy(call.to, result.data(), result.size());
    mark_written(call.to, result.size(), 0);
}

void run_transfers(RankGroup& g, int rank, std::vector<Transfer> transfers)
{
    std::unique_lock guard(g.lock);
    for (Transfer& t : transfers)
        if (t.send) g.mail[{rank, t.peer}].push_back(&t);
    g.changed.notify_all();
    for (Transfer& t : transfers) {
        if (t.send) continue;
        auto& box = g.mail[{t.peer, rank}];
        g.changed.wait(guard, [&] { return !box.empty() || g.aborted; });
        if (g.aborted) throw Failure(1, "the group of devices was aborted" + g.trouble);
        Transfer* sent = box.front();
        box.pop_front();
        if (sent->bytes != t.bytes) {
            g.aborted = true;
            g.trouble = ": rank " + std::to_string(t.peer) + " sends " + std::to_string(sent->bytes) + " bytes, rank " + std::to_string(rank) + " receives " + std::to_string(t.bytes);
            g.changed.notify_all();
            throw Failure(2, "receive" + g.trouble);
        }
        std::memcpy(t.memory, sent->memory, t.bytes);
        mark_written(t.memory, t.bytes, 0);
        sent->peer = -1;
        g.changed.notify_all();
    }
    for (Transfer& t : transfers)
        if (t.send) g.changed.wait(guard, [&] { return t.peer < 0 || g.aborted; });
    if (g.aborted) throw Failure(1, "the group of devices was aborted" + g.trouble);
}

void submit_transfers(Communicator& c)
{
    if (c.transfers.empty()) return;
    c.stream->submit(WorkKind::Collective, nullptr, [group = c.group, rank = c.rank, transfers = std::move(c.transfers)] { run_transfers(*group, rank, transfers); });
    c.transfers.clear();
}

}  // namespace
}  // namespace sgl_host

using namespace sgl_host;

#define SGL_API extern "C" __attribute__((visibility("default")))
int guarded_call(const std::function<void()>&);

SGL_API int sgl_communicator_join(Device* device, const char* id, int rank, int size, Communicator** result)
{
    return guarded_call([&] {
        if (size < 1 || rank < 0 || rank >= size) throw Failure(4, "rank " + std::to_string(rank) + " of " + std::to_string(size));
        std::shared_ptr<RankGroup> group;
        {
            std::lock_guard guard(groups_lock);
            group = groups[id].lock();
            if (group == nullptr) groups[id] = group = std::make_shared<RankGroup>(size);
        }
        if (group->size != size) throw Failure(4, "the group has " + std::to_string(group->size) + " ranks, not " + std::to_string(size));
        {
            std::unique_lock guard(group->lock);
            group->joined++;
            group->changed.notify_all();
            group->changed.wait(guard, [&] { return group->joined >= size || group->aborted; });
        }
        *result = new Communicator{group, device, rank, false, {}, nullptr};
    });
}

SGL_API void sgl_communicator_leave(Communicator* c) { delete c; }

SGL_API void sgl_communicator_abort(Communicator* c)
{
    std::lock_guard guard(c->group->lock);
    c->group->aborted = true;
    c->group->changed.notify_all();
}

SGL_API int sgl_communicator_call(Communicator* c, Stream* stream, int kind, const void* from, void* to, u64 count, int type, int operation, int root)
{
    return guarded_call([&] {
        c->device->throw_error();
        const u64 bytes = count * static_cast<u64>(size_of(type)), ranks = static_cast<u64>(c->group->size);
        require_range(*c->device, from, kind == 2 ? bytes * ranks : bytes, "collective");
        require_range(*c->device, to, kind == 1 ? bytes * ranks : bytes, "collective");
        const Call call{kind, static_cast<const char*>(from), static_cast<char*>(to), count, type, operation, root};
        stream->submit(WorkKind::Collective, nullptr, [group = c->group, rank = c->rank, call] { run_call(*group, rank, call); });
    });
}

SGL_API int sgl_communicator_transfer(Communicator* c, Stream* stream, int send, void* memory, u64 count, int type, int peer)
{
    return guarded_call([&] {
        c->device->throw_error();
        const u64 bytes = count * static_cast<u64>(size_of(type));
        require_range(*c->device, memory, bytes, send ? "send" : "receive");
        c->stream = stream;
        c->transfers.push_back({send != 0, static_cast<char*>(memory), bytes, peer});
        if (!c->grouping) submit_transfers(*c);
    });
}

SGL_API void sgl_communicator_group(Communicator* c, int begin)
{
    c->grouping = begin != 0;
    if (!begin) submit_transfers(*c);
}
