using System.Runtime.InteropServices;
using Lacuna.Gpu;
using Lacuna.Gpu.Launch;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>A driver without a device (fakecuda.c), in a copy of its own, and the tensor library's stream beside it.</summary>
internal sealed unsafe class FakeCuda : IDisposable, ITensorStack
{
    private readonly TemporaryFolder _folder = new();
    private readonly nint _library;

    public FakeCuda()
    {
        var built = Path.Combine(AppContext.BaseDirectory, "fakecuda.so");
        Assert.SkipUnless(File.Exists(built), "there was no C compiler to build the fake driver with");
        // The loader knows files by what they are, so a copy has variables of its own.
        LibraryPath = _folder.File("fakecuda.so");
        File.Copy(built, LibraryPath);
        _library = NativeLibrary.Load(LibraryPath);
    }

    public string LibraryPath { get; }

    /// <summary>The stream the tensor library queues on; null where it does not say.</summary>
    public nint? Stream { get; set; } = 0x1234;

    /// <summary>Its first device.</summary>
    public static Device Device { get; } = new(DeviceType.CUDA, 0);

    /// <summary>What was called, in order.</summary>
    public string[] Log => Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Export("fake_log"))())!.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Those calls that begin with a word.</summary>
    public string[] LogOf(string word) => [.. Log.Where(line => line.StartsWith(word + " ", StringComparison.Ordinal))];

    /// <summary>Lets a call fail from now on; 0 mends it.</summary>
    public void Fail(string call, int code) => With(call, name => ((delegate* unmanaged<byte*, int, void>)Export("fake_fail"))((byte*)name, code));

    /// <summary>Sets what the devices are.</summary>
    public void Set(string name, int value) => With(name, text => ((delegate* unmanaged<byte*, int, void>)Export("fake_set"))((byte*)text, value));

    /// <summary>The context current on this thread; setting it pushes one, as other libraries in the process do.</summary>
    public nint Context
    {
        get
        {
            nint context;
            ((delegate* unmanaged<nint*, int>)Export("cuCtxGetCurrent"))(&context);
            return context;
        }
        set => ((delegate* unmanaged<nint, int>)Export("cuCtxPushCurrent_v2"))(value);
    }

    public CudaDriver Driver() => new(LibraryPath);

    public CudaKernelLauncher Launcher(IPtxSource? source = null) => new(Driver(), source ?? new FakeCompiler(), this, FakeKernels.Get);

    bool ITensorStack.HasStreams => Stream is not null;

    nint ITensorStack.CurrentStream(int cudaDevice) => Stream!.Value + cudaDevice;

    string ITensorStack.Name => "fake";

    string ITensorStack.LibtorchVersion => "";

    string ITensorStack.Location => "";

    long ITensorStack.LiveTensors => 0;

    bool ITensorStack.HasAutocast => false;

    IDisposable ITensorStack.Autocast(Device device, ScalarType type) => throw new NotSupportedException();

    bool ITensorStack.HasConvolutionSearch => false;

    bool ITensorStack.SearchesConvolutions
    {
        get => false;
        set => throw new NotSupportedException();
    }

    nint ITensorStack.DataPointer(Tensor tensor) => throw new NotSupportedException();

    public void Dispose()
    {
        NativeLibrary.Free(_library);
        _folder.Dispose();
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    private static void With(string text, Action<nint> act)
    {
        var copy = Marshal.StringToCoTaskMemUTF8(text);
        act(copy);
        Marshal.FreeCoTaskMem(copy);
    }
}
