// TorchScript modules: load, run, save, and the tensors inside.
//
// A module is a torch::jit::Module* made with new; it shares its tensors with the handles given out, so what is written
// into a parameter is what the module computes with.
#include "Shim.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <ostream>
#include <streambuf>
#include <string>

using namespace lacuna;

namespace {

struct Entry {
    std::string name;
    at::Tensor tensor;
    torch::jit::Module module;
};

using Entries = std::vector<Entry>;

torch::jit::Module& moduleOf(void* module) {
    if (module == nullptr) throw std::invalid_argument("a script module argument is null");
    return *static_cast<torch::jit::Module*>(module);
}

// libtorch's writer throws from its destructor when a write fails, which would end the process. This one always takes
// the bytes, and says afterwards whether they arrived.
class FileBuffer : public std::streambuf {
public:
    explicit FileBuffer(const char* path) : file(std::fopen(path, "wb")) {
        if (file == nullptr) fail();
    }
    ~FileBuffer() override {
        if (file != nullptr) std::fclose(file);
    }
    FileBuffer(const FileBuffer&) = delete;
    FileBuffer& operator=(const FileBuffer&) = delete;

    void close(const char* path) {
        if (file != nullptr && std::fclose(file) != 0) fail();
        file = nullptr;
        if (problem != 0) throw std::runtime_error(std::string("cannot write ") + path + ": " + std::strerror(problem));
    }

protected:
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        if (problem == 0 && std::fwrite(bytes, 1, static_cast<size_t>(count), file) != static_cast<size_t>(count)) fail();
        return count;
    }
    int_type overflow(int_type byte) override {
        const char one = traits_type::to_char_type(byte);
        xsputn(&one, 1);
        return traits_type::not_eof(byte);
    }

private:
    void fail() { problem = errno != 0 ? errno : EIO; }

    std::FILE* file;
    int problem = 0;
};

// Kinds of results, as ScriptModule.cs knows them.
enum Kind : int32_t { none = 0, single = 1, tuple = 2, list = 3 };

void add(Entries& entries, const c10::IValue& value) {
    TORCH_CHECK(value.isTensor(), "the module gives a ", value.tagKind(), " inside a tuple or list; only tensors can be taken");
    entries.push_back({std::string(), value.toTensor(), torch::jit::Module()});
}

}  // namespace

LT lt_jit_load(const char* path, int32_t deviceType, int32_t deviceIndex, void** out) noexcept {
    return guard([&] {
        const at::Device device(static_cast<at::DeviceType>(deviceType), static_cast<at::DeviceIndex>(deviceIndex));
        *out = new torch::jit::Module(torch::jit::load(std::string(path), device));
    });
}

LT lt_jit_release(void* module) noexcept { return guard([&] { delete static_cast<torch::jit::Module*>(module); }); }

LT lt_jit_save(void* module, const char* path) noexcept {
    return guard([&] {
        FileBuffer buffer(path);
        std::ostream stream(&buffer);
        moduleOf(module).save(stream);
        buffer.close(path);
    });
}

LT lt_jit_train(void* module, bool on) noexcept { return guard([&] { moduleOf(module).train(on); }); }
LT lt_jit_training(void* module, bool* out) noexcept { return guard([&] { *out = moduleOf(module).is_training(); }); }

// In place of the old data, so that every handle of a tensor sees the move; integers keep their type, as in PyTorch.
LT lt_jit_to(void* module, Options where) noexcept {
    return guard([&] {
        const at::NoGradGuard noGradient;
        for (const auto& entry : moduleOf(module).named_attributes(true)) {
            if (!entry.value.isTensor() || !entry.value.toTensor().defined()) continue;
            at::Tensor tensor = entry.value.toTensor();
            at::TensorOptions options = where.options();
            if (!tensor.is_floating_point()) options = options.dtype(tensor.scalar_type());
            at::Tensor gradient = tensor.grad();
            tensor.mutable_grad() = at::Tensor();
            tensor.set_data(tensor.to(options.requires_grad(c10::nullopt)));
            if (gradient.defined()) tensor.mutable_grad() = gradient.to(options.requires_grad(c10::nullopt));
        }
    });
}

// 0 parameters, 1 buffers, both of the whole tree; 2 direct submodules, 3 all submodules.
LT lt_jit_entries(void* module, int32_t what, void** out, int32_t* count) noexcept {
    return guard([&] {
        const auto& of = moduleOf(module);
        auto entries = std::make_unique<Entries>();
        if (what == 0)
            for (const auto& entry : of.named_parameters()) { if (entry.value.defined()) entries->push_back({entry.name, entry.value, torch::jit::Module()}); }
        else if (what == 1)
            for (const auto& entry : of.named_buffers()) { if (entry.value.defined()) entries->push_back({entry.name, entry.value, torch::jit::Module()}); }
        else if (what == 2)
            for (const auto& entry : of.named_children()) entries->push_back({entry.name, at::Tensor(), entry.value});
        else
            for (const auto& entry : of.named_modules())
                if (!entry.name.empty()) entries->push_back({entry.name, at::Tensor(), entry.value});
        *count = static_cast<int32_t>(entries->size());
        *out = entries.release();
    });
}

// The name belongs to the list.
LT lt_jit_entry(void* entries, int32_t index, const char** name, Handle* tensor, void** module) noexcept {
    return guard([&] {
        const auto& entry = static_cast<Entries*>(entries)->at(static_cast<size_t>(index));
        *name = entry.name.c_str();
        *module = nullptr;
        *tensor = nullptr;
        if (entry.tensor.defined()) give(tensor, entry.tensor);
        else *module = new torch::jit::Module(entry.module);
    });
}

LT lt_jit_entries_release(void* entries) noexcept { return guard([&] { delete static_cast<Entries*>(entries); }); }

// Interpreted operation by operation: the optimising executor would put differentiable subgraphs of its own in their place,
// which changes rounding from run to run while it profiles, and is compiled anew for every batch size.
LT lt_jit_forward(void* module, const Handle* inputs, int32_t inputCount, int32_t* kind, void** out, int32_t* count) noexcept {
    return guard([&] {
        const torch::jit::GraphOptimizerEnabledGuard interpreted(false);
        std::vector<c10::IValue> arguments;
        for (auto& tensor : listOf(inputs, inputCount)) arguments.emplace_back(std::move(tensor));
        const c10::IValue result = moduleOf(module).forward(std::move(arguments));
        auto entries = std::make_unique<Entries>();
        if (result.isNone()) *kind = none;
        else if (result.isTensor()) {
            *kind = single;
            add(*entries, result);
        } else if (result.isTuple()) {
            *kind = tuple;
            for (const auto& element : result.toTupleRef().elements()) add(*entries, element);
        } else if (result.isTensorList()) {
            *kind = list;
            for (const at::Tensor& element : result.toTensorVector()) add(*entries, element);
        } else
            TORCH_CHECK(false, "the module gives a ", result.tagKind(), "; only a tensor, or a tuple or list of tensors, can be taken");
        *count = static_cast<int32_t>(entries->size());
        *out = entries.release();
    });
}
