// The library as a whole: errors, versions, threads, random numbers, CUDA.
#include "Shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/cuda.h>
#include <torch/utils.h>
#include <torch/version.h>

#include <dlfcn.h>

#include <atomic>
#include <cstdio>
#include <string>

using namespace lacuna;

namespace {

// A fixed buffer, because running out of memory while keeping a message must not throw again.
thread_local char lastError[8192];
std::atomic<int64_t> liveTensors{0};

const char* keep(std::string text) {
    static thread_local std::string kept;
    kept = std::move(text);
    return kept.c_str();
}

// "... TORCH_VERSION=1.13.0, USE_CUDA=OFF, ..." is written into the loaded library when it is built.
std::string loadedVersion() {
    const std::string config = at::show_config();
    const std::string key = "TORCH_VERSION=";
    const auto start = config.find(key);
    if (start == std::string::npos) return "unknown";
    const auto end = config.find_first_of(",; \n", start + key.size());
    return config.substr(start + key.size(), end - start - key.size());
}

}  // namespace

void lacuna::remember(const char* message) noexcept { std::snprintf(lastError, sizeof lastError, "%s", message); }
void lacuna::counted(int64_t change) noexcept { liveTensors.fetch_add(change, std::memory_order_relaxed); }

extern "C" __attribute__((visibility("default"))) const char* lt_error() noexcept { return lastError; }

LT lt_built_for(const char** out) noexcept { return guard([&] { *out = TORCH_VERSION; }); }
LT lt_version(const char** out) noexcept { return guard([&] { *out = keep(loadedVersion()); }); }
LT lt_parallel_info(const char** out) noexcept { return guard([&] { *out = keep(at::get_parallel_info()); }); }

// The file the tensor code was loaded from, asked of the loader by the address of one of its functions.
LT lt_location(const char** out) noexcept {
    return guard([&] {
        Dl_info info{};
        auto address = reinterpret_cast<const void*>(static_cast<std::string (*)()>(&at::show_config));
        *out = keep(dladdr(address, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname : "unknown");
    });
}

LT lt_live_tensors(int64_t* out) noexcept { return guard([&] { *out = liveTensors.load(std::memory_order_relaxed); }); }
LT lt_release(Handle tensor) noexcept {
    return guard([&] {
        if (tensor == nullptr) return;
        delete tensor;
        counted(-1);
    });
}

LT lt_num_threads(int32_t* out) noexcept { return guard([&] { *out = at::get_num_threads(); }); }
LT lt_set_num_threads(int32_t count) noexcept { return guard([&] { at::set_num_threads(count); }); }

LT lt_manual_seed(int64_t seed) noexcept { return guard([&] { torch::manual_seed(static_cast<uint64_t>(seed)); }); }

LT lt_generator_new(uint64_t seed, void** out) noexcept {
    return guard([&] { *out = new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed)); });
}
LT lt_generator_default(int32_t deviceType, int32_t deviceIndex, void** out) noexcept {
    return guard([&] {
        const at::Device device(static_cast<at::DeviceType>(deviceType), static_cast<at::DeviceIndex>(deviceIndex));
        *out = new at::Generator(at::globalContext().defaultGenerator(device));
    });
}
LT lt_generator_release(void* generator) noexcept { return guard([&] { delete static_cast<at::Generator*>(generator); }); }
LT lt_generator_seed(void* generator, uint64_t seed) noexcept {
    return guard([&] { static_cast<at::Generator*>(generator)->set_current_seed(seed); });
}
LT lt_generator_initial_seed(void* generator, uint64_t* out) noexcept {
    return guard([&] { *out = static_cast<at::Generator*>(generator)->current_seed(); });
}
LT lt_generator_state(void* generator, Handle* out) noexcept {
    return guard([&] { give(out, static_cast<at::Generator*>(generator)->get_state()); });
}
LT lt_generator_set_state(void* generator, Handle state) noexcept {
    return guard([&] { static_cast<at::Generator*>(generator)->set_state(of(state)); });
}

LT lt_cuda_is_available(bool* out) noexcept { return guard([&] { *out = torch::cuda::is_available(); }); }
LT lt_cuda_device_count(int32_t* out) noexcept { return guard([&] { *out = static_cast<int32_t>(torch::cuda::device_count()); }); }
LT lt_cuda_synchronize(int64_t device) noexcept { return guard([&] { torch::cuda::synchronize(device); }); }
LT lt_cuda_manual_seed(uint64_t seed) noexcept { return guard([&] { torch::cuda::manual_seed(seed); }); }
LT lt_cuda_manual_seed_all(uint64_t seed) noexcept { return guard([&] { torch::cuda::manual_seed_all(seed); }); }

// libtorch's current stream as the CUDA driver knows it. Its headers need CUDA's, so the stream is asked of the
// device-independent guard and unpacked by c10::cuda::CUDAStream::stream(), looked up by its (stable) mangled name:
// a CUDAStream is a c10::Stream and nothing else. A null handle is CUDA's default stream, and legal.
LT lt_cuda_current_stream(int32_t device, void** out) noexcept {
    return guard([&] {
        if (!torch::cuda::is_available()) throw std::runtime_error("libtorch reports no CUDA device");
        using Unpack = void* (*)(const c10::Stream*);
        const auto unpack = reinterpret_cast<Unpack>(dlsym(RTLD_DEFAULT, "_ZNK3c104cuda10CUDAStream6streamEv"));
        if (unpack == nullptr) throw std::runtime_error("this libtorch does not export c10::cuda::CUDAStream::stream()");
        const c10::impl::VirtualGuardImpl cuda(c10::DeviceType::CUDA);
        const c10::Stream stream = cuda.getStream(c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(device)));
        *out = unpack(&stream);
    });
}

LT lt_allow_tf32(int32_t matmul, int32_t cudnn) noexcept {
    return guard([&] {
        if (matmul >= 0) at::globalContext().setAllowTF32CuBLAS(matmul != 0);
        if (cudnn >= 0) at::globalContext().setAllowTF32CuDNN(cudnn != 0);
    });
}
LT lt_allows_tf32(bool* matmul, bool* cudnn) noexcept {
    return guard([&] {
        *matmul = at::globalContext().allowTF32CuBLAS();
        *cudnn = at::globalContext().allowTF32CuDNN();
    });
}

LT lt_benchmark_cudnn(bool search) noexcept { return guard([&] { at::globalContext().setBenchmarkCuDNN(search); }); }
LT lt_benchmarks_cudnn(bool* out) noexcept { return guard([&] { *out = at::globalContext().benchmarkCuDNN(); }); }
