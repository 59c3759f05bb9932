// Memory of CPU tensors: a freed block is kept, by size, for the next tensor of that size.
//
// glibc 2.36 (Debian 12) reuses freed aligned blocks badly: with .NET's allocations in between, the heap of a loop that
// freed every tensor grew by gigabytes. Mapping each large tensor afresh (mallopt's M_MMAP_THRESHOLD) keeps memory flat,
// but the page faults doubled the CPU time of a small network's training step. Kept blocks give both: flat and warm.
#include "Shim.h"

#include <c10/core/Allocator.h>

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>

using namespace lacuna;

namespace {

// Stands before each payload and fills a cache line, so that payloads begin on one.
struct alignas(64) Block {
    size_t bytes;
    size_t wanted;  // by the tensor that has it
    Block* next;
};

constexpr size_t mapFrom = size_t{1} << 20;   // larger blocks are mapped, so that releasing one really returns it
constexpr size_t hugeFrom = size_t{4} << 20;
constexpr size_t slackBytes = size_t{16} << 20;

// Eight sizes for each power of two from 64 bytes: at most an eighth of a block is unused.
size_t classOf(size_t bytes) {
    const size_t units = std::max<size_t>(bytes, 64) - 1;
    const size_t power = 63 - static_cast<size_t>(__builtin_clzll(units));
    return ((power - 5) << 3) + ((units >> (power - 3)) & 7);
}
size_t bytesOf(size_t sizeClass) {
    const size_t power = (sizeClass >> 3) + 5;
    return ((sizeClass & 7) + 9) << (power - 3);
}

Block* fromSystem(size_t bytes) noexcept {
    if (bytes >= mapFrom) {
        void* mapped = mmap(nullptr, bytes + sizeof(Block), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) return nullptr;
        // A hint: with pages of 2 MiB where the system has them, a pass over a large tensor seldom waits for an address's translation.
        if (bytes >= hugeFrom) madvise(mapped, bytes + sizeof(Block), MADV_HUGEPAGE);
        return static_cast<Block*>(mapped);
    }
    void* memory = nullptr;
    return posix_memalign(&memory, alignof(Block), bytes + sizeof(Block)) == 0 ? static_cast<Block*>(memory) : nullptr;
}

void toSystem(Block* block) noexcept {
    if (block->bytes >= mapFrom) munmap(block, block->bytes + sizeof(Block));
    else std::free(block);
}

// libtorch 1.13 declares allocate const, later ones not, and copy_data came in between: without `override`, the one the
// base class has is overridden, and the other is only called.
class Pool final : public c10::Allocator {
public:
    c10::DataPtr allocate(size_t bytes) const { return const_cast<Pool*>(this)->allocate(bytes); }

    c10::DataPtr allocate(size_t bytes) {
        const c10::Device cpu(c10::DeviceType::CPU);
        if (bytes == 0) return {nullptr, nullptr, &Pool::giveBack, cpu};
        TORCH_CHECK(bytes <= size_t{1} << 47, "cannot allocate ", bytes, " bytes for a tensor");
        void* payload = take(classOf(bytes)) + 1;
        return {payload, payload, &Pool::giveBack, cpu};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &Pool::giveBack; }

    void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }

    int64_t bytesInUse() {
        const std::lock_guard<std::mutex> hold(lock);
        return static_cast<int64_t>(inUse);
    }

private:
    Block* take(size_t sizeClass) {
        const size_t bytes = bytesOf(sizeClass);
        const std::lock_guard<std::mutex> hold(lock);
        // A large tensor takes a kept block of up to twice its size before it asks for more: activations halve from stage to stage of a network, and blocks of earlier stages would lie idle.
        const size_t last = bytes >= mapFrom ? sizeClass + 8 : sizeClass;
        size_t found = sizeClass;
        while (kept[found] == nullptr && found < last) ++found;
        Block* block = kept[found];
        if (block != nullptr) {
            kept[found] = block->next;
        } else {
            // Hold hardly more than was once needed at the same time: what is too small for this tensor goes back.
            const size_t most = peak + slackBytes;
            if (held + bytes > most) releaseKept(most > bytes ? most - bytes : 0);
            block = fromSystem(bytes);
            if (block == nullptr) {
                releaseKept(0);
                block = fromSystem(bytes);
            }
            TORCH_CHECK(block != nullptr, "out of memory: ", bytes, " bytes for a tensor, with ", inUse, " bytes in use");
            block->bytes = bytes;
            held += bytes;
        }
        block->wanted = bytes;
        inUse += bytes;
        peak = std::max(peak, inUse);
        return block;
    }

    static void giveBack(void* payload) noexcept;

    void keep(Block* block) noexcept {
        const std::lock_guard<std::mutex> hold(lock);
        const size_t sizeClass = classOf(block->bytes);
        block->next = kept[sizeClass];
        kept[sizeClass] = block;
        inUse -= block->wanted;
    }

    // Until no more than this is held, or nothing is kept; large blocks first, since small ones save little and are wanted often.
    void releaseKept(size_t most) noexcept {
        for (size_t sizeClass = kept.size(); sizeClass-- > 0;) {
            while (kept[sizeClass] != nullptr && held > most) {
                Block* const block = kept[sizeClass];
                kept[sizeClass] = block->next;
                held -= block->bytes;
                toSystem(block);
            }
        }
    }

    std::mutex lock;
    std::array<Block*, 512> kept{};
    size_t inUse = 0, held = 0, peak = 0;
};

// Never destroyed: tensors may be freed while the process ends.
Pool& pool = *new Pool;

void Pool::giveBack(void* payload) noexcept {
    if (payload != nullptr) pool.keep(static_cast<Block*>(payload) - 1);
}

}  // namespace

LT lt_use_pool() noexcept { return guard([&] { c10::SetAllocator(c10::DeviceType::CPU, &pool, /*priority=*/255); }); }
LT lt_allocated_bytes(int64_t* out) noexcept { return guard([&] { *out = pool.bytesInUse(); }); }
