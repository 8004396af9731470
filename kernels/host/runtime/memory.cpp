#include "memory.h"
#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sgl_host {

char* arena = nullptr;
u8* arena_states = nullptr;

namespace {

constexpr u64 kPoisonFile = 16 << 20;
constexpr int kPoison = 0xff;       // NaN in every floating-point type, and -1

int poison_file()
{
    static const int file = [] {
        const int f = static_cast<int>(syscall(SYS_memfd_create, "sgl-poison", 0));
        if (f < 0 || ftruncate(f, kPoisonFile) != 0) return -1;
        void* p = mmap(nullptr, kPoisonFile, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
        if (p == MAP_FAILED) return -1;
        std::memset(p, kPoison, kPoisonFile);
        munmap(p, kPoisonFile);
        return f;
    }();
    return file;
}

u64 round_up(u64 value, u64 unit) { return (value + unit - 1) / unit * unit; }

// Memory that reads as poison and takes no space until it is written.
bool commit(char* address, u64 bytes)
{
    if (bytes <= kPoisonFile / 16 || poison_file() < 0) {
        if (mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) == MAP_FAILED) return false;
        std::memset(address, kPoison, bytes);
        return true;
    }
    for (u64 at = 0; at < bytes; at += kPoisonFile) {
        const u64 count = bytes - at < kPoisonFile ? bytes - at : kPoisonFile;
        if (mmap(address + at, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, poison_file(), 0) == MAP_FAILED) return false;
    }
    return true;
}

void forbid(char* address, u64 bytes)
{
    mmap(address, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
}

std::mutex slots_lock;
bool slot_taken[kMaxDevices];
std::atomic<bool> slot_checked[kMaxDevices];

std::mutex pinned_lock;
std::map<char*, u64> pinned;

std::string hex(const void* p)
{
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(reinterpret_cast<u64>(p)));
    return text;
}

}  // namespace

bool DeviceMemory::open(u64 total, bool checked)
{
    std::lock_guard guard(slots_lock);
    const u64 all = kDeviceRange * kMaxDevices;
    if (arena == nullptr) {
        void* p = mmap(nullptr, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) return false;
        arena = static_cast<char*>(p);
    }
    if (checked && arena_states == nullptr) {
        void* p = mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) return false;
        arena_states = static_cast<u8*>(p);
    }
    for (int slot = 0; slot < kMaxDevices && slot_ < 0; slot++)
        if (!slot_taken[slot]) slot_ = slot;
    if (slot_ < 0) return false;
    slot_taken[slot_] = true;
    slot_checked[slot_] = checked;
    base_ = arena + kDeviceRange * static_cast<u64>(slot_);
    next_ = base_ + kVirtualPage;
    total_ = total;
    checked_ = checked;
    return true;
}

// The next free addresses after the last given out: what was freed is not used again until the range has been gone through.
char* DeviceMemory::take(u64 bytes)
{
    for (int round = 0; round < 2; round++) {
        char* at = next_;
        while (at + bytes + kPage <= base_ + kDeviceRange) {
            char* end = at + bytes + kPage;
            char* blocked = nullptr;
            auto live = live_.lower_bound(at);
            if (live != live_.begin()) {
                auto before = std::prev(live);
                if (before->second.mapped + before->second.mapped_bytes + kPage > at) blocked = before->second.mapped + before->second.mapped_bytes + kPage;
            }
            if (!blocked && live != live_.end() && live->second.mapped < end) blocked = live->second.mapped + live->second.mapped_bytes + kPage;
            auto reserved = reserved_.upper_bound(end);
            if (!blocked && reserved != reserved_.begin()) {
                auto before = std::prev(reserved);
                if (before->first + before->second + kPage > at) blocked = before->first + before->second + kPage;
            }
            if (!blocked) {
                next_ = end;
                return at;
            }
            at = blocked;
        }
        next_ = base_ + kVirtualPage;
    }
    return nullptr;
}

char* DeviceMemory::allocate(u64 bytes, std::string& error)
{
    std::lock_guard guard(lock_);
    const u64 mapped = round_up(bytes, kPage);
    if (mapped > total_ - used_) {
        error = "out of memory";
        return nullptr;
    }
    char* at = take(mapped);
    if (at == nullptr || !commit(at, mapped)) {
        error = "out of memory";
        return nullptr;
    }
    // The end, not the beginning, lies at the border of a page: what runs past it meets the gap at once.
    char* address = at + mapped - round_up(bytes, 256);
    live_[address] = Allocation{bytes, at, mapped, false};
    used_ += mapped;
    if (checked_) {
        set_state(at, mapped, 0);
        set_state(address, bytes, kAddressable);
    }
    return address;
}

bool DeviceMemory::free(char* address, std::string& error)
{
    std::lock_guard guard(lock_);
    const auto found = live_.find(address);
    if (found == live_.end() || found->second.is_virtual) {
        error = hex(address) + " was not allocated, or is free already";
        return false;
    }
    const Allocation a = found->second;
    // Whoever wrote into the bytes around the allocation without being instrumented left a trace.
    bool damaged = false;
    for (char* p = a.mapped; p < address; p++) damaged |= *p != static_cast<char>(kPoison);
    for (char* p = address + a.bytes; p < a.mapped + a.mapped_bytes; p++) damaged |= *p != static_cast<char>(kPoison);
    if (checked_) set_state(a.mapped, a.mapped_bytes, 0);
    forbid(a.mapped, a.mapped_bytes);
    live_.erase(found);
    forget_parts(address, a.bytes);
    divided_.erase(address);
    used_ -= a.mapped_bytes;
    if (freed_.size() > 4096) freed_.erase(freed_.begin());
    freed_[address] = a.bytes;
    if (damaged) error = "the guard zone around the allocation " + hex(address) + " of " + std::to_string(a.bytes) + " bytes was written to";
    return !damaged;
}

void DeviceMemory::hand_out(char* address, u64 bytes)
{
    if (!checked_) return;
    std::lock_guard guard(lock_);
    std::memset(address, kPoison, bytes);
    set_state(address, bytes, kAddressable);
    parts_[address] = bytes;
}

void DeviceMemory::take_back(char* address, u64 bytes)
{
    if (!checked_) return;
    std::lock_guard guard(lock_);
    auto after = live_.upper_bound(address);
    if (after != live_.begin()) divided_.insert(std::prev(after)->first);
    forget_parts(address, bytes);
    std::memset(address, kPoison, bytes);
    set_state(address, bytes, 0);
}

void DeviceMemory::forget_parts(char* address, u64 bytes) { parts_.erase(parts_.lower_bound(address), parts_.lower_bound(address + bytes)); }

char* DeviceMemory::reserve(u64 bytes)
{
    std::lock_guard guard(lock_);
    char* at = take(bytes + kVirtualPage);
    if (at == nullptr) return nullptr;
    at = arena + round_up(static_cast<u64>(at - arena), kVirtualPage);
    reserved_[at] = bytes;
    return at;
}

bool DeviceMemory::map(char* address, u64 bytes, std::string& error)
{
    std::lock_guard guard(lock_);
    if (bytes > total_ - used_ || !commit(address, bytes)) {
        error = "out of memory";
        return false;
    }
    used_ += bytes;
    live_[address] = Allocation{bytes, address, bytes, true};
    if (checked_) set_state(address, bytes, kAddressable);
    return true;
}

void DeviceMemory::unmap(char* address, u64 bytes)
{
    std::lock_guard guard(lock_);
    live_.erase(address);
    if (checked_) set_state(address, bytes, 0);
    forbid(address, bytes);
    used_ -= bytes;
}

void DeviceMemory::release(char* address, u64)
{
    std::lock_guard guard(lock_);
    reserved_.erase(address);
}

u64 DeviceMemory::free_bytes()
{
    std::lock_guard guard(lock_);
    return total_ - used_;
}

void DeviceMemory::close()
{
    std::lock_guard guard(lock_);
    for (auto& [address, a] : live_) {
        if (checked_) set_state(a.mapped, a.mapped_bytes, 0);
        forbid(a.mapped, a.mapped_bytes);
    }
    live_.clear();
    parts_.clear();
    divided_.clear();
    reserved_.clear();
    used_ = 0;
    std::lock_guard slots(slots_lock);
    if (slot_ >= 0) slot_taken[slot_] = false;
    slot_ = -1;
}

std::string DeviceMemory::describe(const void* pointer)
{
    std::lock_guard guard(lock_);
    char* address = static_cast<char*>(const_cast<void*>(pointer));
    const auto text = [](const char* what, const char* at, u64 bytes) { return std::string(what) + " " + hex(at) + " of " + std::to_string(bytes) + " bytes"; };
    auto after = live_.upper_bound(address);
    const bool live = after != live_.begin() && static_cast<u64>(address - std::prev(after)->first) < std::prev(after)->second.bytes;
    const auto gone = freed_.upper_bound(address);
    if (!live && gone != freed_.begin()) {
        const auto& [start, bytes] = *std::prev(gone);
        if (static_cast<u64>(address - start) < bytes) return "in " + text("the freed allocation", start, bytes);
    }
    if (after != live_.begin()) {
        const auto& [start, a] = *std::prev(after);
        const u64 offset = static_cast<u64>(address - start);
        if (offset < a.bytes && divided_.contains(start)) return describe_part(address, start);
        if (offset < a.bytes) return "byte " + std::to_string(offset) + " of " + text("the allocation", start, a.bytes);
        if (offset < a.bytes + 64 * kPage) return std::to_string(offset - a.bytes) + " bytes past the end of " + text("the allocation", start, a.bytes);
    }
    if (after != live_.end() && static_cast<u64>(after->first - address) < 64 * kPage)
        return std::to_string(after->first - address) + " bytes before " + text("the allocation", after->first, after->second.bytes);
    return "outside every allocation";
}

// The lock is held.
std::string DeviceMemory::describe_part(char* address, char* allocation)
{
    const auto text = [](u64 distance, const char* where, const auto& part) {
        return std::to_string(distance) + " bytes " + where + " the tensor " + hex(part.first) + " of " + std::to_string(part.second) + " bytes";
    };
    const auto after = parts_.upper_bound(address);
    constexpr u64 near = 64 * kPage;
    if (after != parts_.begin()) {
        const auto& part = *std::prev(after);
        const u64 offset = static_cast<u64>(address - part.first);
        if (offset < part.second) return "byte " + std::to_string(offset) + " of the tensor " + hex(part.first) + " of " + std::to_string(part.second) + " bytes";
        if (part.first >= allocation && offset < part.second + near) return text(offset - part.second, "past the end of", part);
    }
    if (after != parts_.end() && static_cast<u64>(after->first - address) < near) return text(static_cast<u64>(after->first - address), "before", *after);
    return "in memory that no tensor has at this time, of the allocation " + hex(allocation);
}

bool DeviceMemory::contains(const void* pointer, u64 bytes)
{
    std::lock_guard guard(lock_);
    char* address = static_cast<char*>(const_cast<void*>(pointer));
    char* const end = address + bytes;
    // A range may run over several mappings of one virtual range.
    while (address < end) {
        auto after = live_.upper_bound(address);
        if (after == live_.begin()) return false;
        const auto& [start, a] = *std::prev(after);
        if (address >= start + a.bytes) return false;
        address = start + a.bytes;
    }
    return true;
}

void DeviceMemory::set_state(char* address, u64 bytes, u8 state)
{
    u8* states = state_of(address);
    if (state == 0 && bytes >= 64 * kPage) {
        // Whole pages of state go back to the system, zero.
        u8* first = reinterpret_cast<u8*>(round_up(reinterpret_cast<u64>(states), kPage));
        const u64 whole = (static_cast<u64>(states + bytes - first)) / kPage * kPage;
        std::memset(states, 0, static_cast<u64>(first - states));
        madvise(first, whole, MADV_DONTNEED);
        std::memset(first + whole, 0, static_cast<u64>(states + bytes - first) - whole);
        return;
    }
    std::memset(states, state, bytes);
}

bool has_states(const void* address) { return in_arena(address) && slot_checked[static_cast<u64>(static_cast<const char*>(address) - arena) / kDeviceRange].load(std::memory_order_relaxed); }

void mark_written(const void* address, u64 bytes, u32 tag)
{
    if (!has_states(address)) return;
    std::memset(state_of(address), static_cast<int>(kAddressable | kWritten | tag << kTagShift), bytes);
}

void copy_states(const void* to, const void* from, u64 bytes)
{
    if (!has_states(to)) return;
    if (!has_states(from)) return mark_written(to, bytes, 0);
    std::memmove(state_of(to), state_of(from), bytes);
    for (u64 i = 0; i < bytes; i++) state_of(to)[i] &= (1 << kTagShift) - 1;
}

void add_pinned(char* address, u64 bytes)
{
    std::lock_guard guard(pinned_lock);
    pinned[address] = bytes;
}

void remove_pinned(char* address)
{
    std::lock_guard guard(pinned_lock);
    pinned.erase(address);
}

bool is_pinned(const void* pointer, u64 bytes)
{
    std::lock_guard guard(pinned_lock);
    char* address = static_cast<char*>(const_cast<void*>(pointer));
    auto after = pinned.upper_bound(address);
    if (after == pinned.begin()) return false;
    const auto& [start, size] = *std::prev(after);
    return address + bytes <= start + size;
}

}  // namespace sgl_host
