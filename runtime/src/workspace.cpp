#include "conv1d/workspace.h"

#include "call_context.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>

namespace conv1d {
namespace {

std::size_t round_up(std::size_t bytes, std::size_t unit = Arena::alignment) {
    return (bytes + unit - 1) / unit * unit;
}

} // namespace

void *Arena::take(std::size_t bytes) noexcept {
    bytes = std::max<std::size_t>(bytes, 1); // so that no two blocks begin at one place
    if (bytes > size_ - used_ || round_up(bytes) > size_ - used_ || block_count_ == most_blocks)
        return nullptr;
    void *block = begin_ + used_;
    blocks_[block_count_++] = {used_, true};
    used_ += round_up(bytes);
    peak_ = std::max(peak_, used_);
    return block;
}

void Arena::give_back(void *block) noexcept {
    for (std::size_t i = block_count_; i-- > 0;) {
        if (begin_ + blocks_[i].begin == block) {
            blocks_[i].live = false;
            break;
        }
    }
    while (block_count_ > 0 && !blocks_[block_count_ - 1].live)
        used_ = blocks_[--block_count_].begin;
}

void Arena::clear(std::size_t bytes) noexcept {
    if (begin_ != nullptr)
        std::memset(begin_, 0, std::min(bytes, size_));
}

void CallContext::record_error(const char *message) noexcept {
    if (error[0] != '\0')
        return; // the first one tells the cause
    std::strncpy(error.data(), message, error.size() - 1);
}

void Workspace::State::Free::operator()(std::byte *p) const noexcept {
    ::operator delete (p, std::align_val_t{Arena::page});
}

CallContext &Workspace::State::begin_call(int threads) noexcept {
    for (CallContext &context : contexts) {
        context.threads = 1;
        context.arena_exhausted = false;
        context.error[0] = '\0';
    }
    contexts.front().threads = std::min(threads, static_cast<int>(contexts.size()));
    return contexts.front();
}

Workspace::Workspace() : Workspace(0, 1) {}

Workspace::Workspace(std::size_t bytes_per_thread, int threads, std::shared_ptr<Executor> executor)
    : state_(std::make_unique<State>()) {
    if (threads < 1 || threads > most_threads) {
        throw std::invalid_argument("Workspace: threads is " + std::to_string(threads) +
                                    "; expected from 1 to " + std::to_string(most_threads));
    }
    const auto count = static_cast<std::size_t>(threads);
    if (bytes_per_thread > (std::numeric_limits<std::size_t>::max() / 2) / count)
        throw std::bad_alloc();
    const std::size_t each = round_up(bytes_per_thread), apart = round_up(each, Arena::page);
    state_->bytes_per_thread = each;
    state_->executor = threads > 1 && !executor ? shared_executor() : std::move(executor);
    if (threads > 1)
        state_->executor->reserve(threads);
    if (each > 0) {
        void *memory = ::operator new (apart *count, std::align_val_t{Arena::page});
        state_->memory.reset(static_cast<std::byte *>(memory));
        // Register tiles at an end compute lanes that are not stored, from memory that nothing was copied to.
        // Other memory may hold subnormal numbers, with which some processors compute ten times as slowly;
        // each call clears the tables of integers that it leaves.
        std::memset(memory, 0, apart * count);
    }
    state_->contexts = std::vector<CallContext>(count);
    for (std::size_t i = 0; i < count; i++) {
        state_->contexts[i].workspace = state_.get();
        if (each > 0)
            state_->contexts[i].arena = Arena(state_->memory.get() + i * apart, each);
    }
}

Workspace::~Workspace() = default;
Workspace::Workspace(Workspace &&) noexcept = default;
Workspace &Workspace::operator=(Workspace &&) noexcept = default;

std::size_t Workspace::bytes_per_thread() const noexcept {
    return state_ ? state_->bytes_per_thread : 0;
}
int Workspace::threads() const noexcept {
    return state_ ? static_cast<int>(state_->contexts.size()) : 0;
}

std::size_t Workspace::peak_bytes() const noexcept {
    std::size_t peak = 0;
    if (!state_)
        return peak;
    for (const CallContext &context : state_->contexts)
        peak = std::max(peak, context.arena.peak());
    return peak;
}

const char *Workspace::error() const noexcept {
    return state_ ? state_->contexts.front().error.data() : "";
}

} // namespace conv1d
