// Device memory: one range of addresses per open device, with gaps nobody may touch, and (when checked) a byte of state for each byte.
#pragma once
#include "block.h"
#include <mutex>
#include <set>

namespace sgl_host {

inline constexpr u64 kDeviceRange = 1ull << 36;     // addresses of one device
inline constexpr int kMaxDevices = 64;
inline constexpr u64 kPage = 4096;
inline constexpr u64 kVirtualPage = 2 << 20;

// State of a byte. The upper bits of a global byte hold the tag of the grid that wrote it last.
enum State : u8 { kAddressable = 1, kWritten = 2, kPending = 4, kTagShift = 3 };
inline constexpr u8 kTagMask = 0x1f;

extern char* arena;             // kMaxDevices ranges
extern u8* arena_states;        // as long; null until a checked device is opened

struct Allocation {
    u64 bytes;
    char* mapped;
    u64 mapped_bytes;
    bool is_virtual;
};

class DeviceMemory {
public:
    bool open(u64 total, bool checked);
    int slot() const { return slot_; }
    char* allocate(u64 bytes, std::string& error);         // null and the reason when there is not enough
    bool free(char* address, std::string& error);
    // A part of an allocation becomes a tensor of undefined contents, or nobody's.
    void hand_out(char* address, u64 bytes);
    void take_back(char* address, u64 bytes);
    char* reserve(u64 bytes);
    bool map(char* address, u64 bytes, std::string& error);
    void unmap(char* address, u64 bytes);
    void release(char* address, u64 bytes);
    u64 free_bytes();
    u64 total() const { return total_; }
    // What lies at an address, in words; and whether the whole range lies in one allocation.
    std::string describe(const void* address);
    bool contains(const void* address, u64 bytes);
    void close();

private:
    char* take(u64 bytes);
    void set_state(char* address, u64 bytes, u8 state);
    void forget_parts(char* address, u64 bytes);
    std::string describe_part(char* address, char* allocation);
    std::mutex lock_;
    std::map<char*, Allocation> live_;
    std::map<char*, u64> parts_;        // handed out within allocations
    std::set<char*> divided_;           // allocations that are given out in parts
    std::map<char*, u64> freed_;
    std::map<char*, u64> reserved_;     // virtual ranges
    char* base_ = nullptr;
    char* next_ = nullptr;
    u64 total_ = 0, used_ = 0;
    bool checked_ = false;
    int slot_ = -1;
};

inline bool in_arena(const void* address) { return static_cast<u64>(static_cast<const char*>(address) - arena) < kDeviceRange * kMaxDevices && arena != nullptr; }
// Whether the memory at an address of the arena belongs to a checked device: others leave no states.
bool has_states(const void* address);
inline u8* state_of(const void* address) { return arena_states + (static_cast<const char*>(address) - arena); }

// Host-side accesses by copies, fills and products: range check always, states when checked.
void mark_written(const void* address, u64 bytes, u32 tag);
void copy_states(const void* to, const void* from, u64 bytes);

void add_pinned(char* address, u64 bytes);
void remove_pinned(char* address);
bool is_pinned(const void* address, u64 bytes);

}  // namespace sgl_host
