using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lacuna.Gpu.Launch;

/// <summary>
/// The CUDA driver API (cuda.h), as far as kernels need it. Its functions are found in a library that was opened by name, not bound at compile
/// time, so that a machine without a driver loads the engine and tests can hand in a library of their own.
/// Contexts, modules, functions, streams and events are the driver's handles. Every failure is a <see cref="CudaException"/>.
/// </summary>
internal sealed unsafe class CudaDriver : IDisposable
{
    // CUdevice_attribute
    private const int MultiprocessorCount = 16;
    private const int CapabilityMajor = 75;
    private const int CapabilityMinor = 76;

    // CUjit_option
    private const int InfoLogBuffer = 3;
    private const int InfoLogBytes = 4;
    private const int ErrorLogBuffer = 5;
    private const int ErrorLogBytes = 6;
    private const int LogBytes = 8192;

    // CU_LAUNCH_PARAM_*
    private const nint EndOfExtras = 0;
    private const nint ParameterBuffer = 1;
    private const nint ParameterBytes = 2;

    private readonly nint _library;
    private readonly delegate* unmanaged<int*, int> _driverGetVersion;
    private readonly delegate* unmanaged<int*, int, int> _deviceGet;
    private readonly delegate* unmanaged<byte*, int, int, int> _deviceGetName;
    private readonly delegate* unmanaged<int*, int, int, int> _deviceGetAttribute;
    private readonly delegate* unmanaged<nint*, int, int> _primaryRetain;
    private readonly delegate* unmanaged<int, int> _primaryRelease;
    private readonly delegate* unmanaged<nint, int> _contextPush;
    private readonly delegate* unmanaged<nint*, int> _contextPop;
    private readonly delegate* unmanaged<nint*, byte*, uint, int*, void**, int> _moduleLoad;
    private readonly delegate* unmanaged<nint, int> _moduleUnload;
    private readonly delegate* unmanaged<nint*, nint, byte*, int> _moduleGetFunction;
    private readonly delegate* unmanaged<int*, nint, int, nuint, int> _occupancy;
    private readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> _launchKernel;
    private readonly delegate* unmanaged<nint*, uint, int> _eventCreate;
    private readonly delegate* unmanaged<nint, nint, int> _eventRecord;
    private readonly delegate* unmanaged<nint, int> _eventSynchronize;
    private readonly delegate* unmanaged<float*, nint, nint, int> _eventElapsed;
    private readonly delegate* unmanaged<nint, int> _eventDestroy;
    private readonly delegate* unmanaged<int, byte**, int> _errorName;
    private readonly delegate* unmanaged<int, byte**, int> _errorText;

    /// <summary>Opens the driver of this machine, or the library at <paramref name="path"/>, and initialises it.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    /// <exception cref="CudaException">It cannot work, for example because there is no device.</exception>
    public CudaDriver(string? path = null)
    {
        _library = path is null ? OpenInstalled() : NativeLibrary.Load(path);
        try
        {
            _errorName = (delegate* unmanaged<int, byte**, int>)Find("cuGetErrorName");
            _errorText = (delegate* unmanaged<int, byte**, int>)Find("cuGetErrorString");
            var initialise = (delegate* unmanaged<uint, int>)Find("cuInit");
            _driverGetVersion = (delegate* unmanaged<int*, int>)Find("cuDriverGetVersion");
            _deviceGet = (delegate* unmanaged<int*, int, int>)Find("cuDeviceGet");
            _deviceGetName = (delegate* unmanaged<byte*, int, int, int>)Find("cuDeviceGetName");
            _deviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Find("cuDeviceGetAttribute");
            _primaryRetain = (delegate* unmanaged<nint*, int, int>)Find("cuDevicePrimaryCtxRetain");
            _primaryRelease = (delegate* unmanaged<int, int>)Find("cuDevicePrimaryCtxRelease_v2");
            _contextPush = (delegate* unmanaged<nint, int>)Find("cuCtxPushCurrent_v2");
            _contextPop = (delegate* unmanaged<nint*, int>)Find("cuCtxPopCurrent_v2");
            _moduleLoad = (delegate* unmanaged<nint*, byte*, uint, int*, void**, int>)Find("cuModuleLoadDataEx");
            _moduleUnload = (delegate* unmanaged<nint, int>)Find("cuModuleUnload");
            _moduleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Find("cuModuleGetFunction");
            _occupancy = (delegate* unmanaged<int*, nint, int, nuint, int>)Find("cuOccupancyMaxActiveBlocksPerMultiprocessor");
            _launchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Find("cuLaunchKernel");
            _eventCreate = (delegate* unmanaged<nint*, uint, int>)Find("cuEventCreate");
            _eventRecord = (delegate* unmanaged<nint, nint, int>)Find("cuEventRecord");
            _eventSynchronize = (delegate* unmanaged<nint, int>)Find("cuEventSynchronize");
            _eventElapsed = (delegate* unmanaged<float*, nint, nint, int>)Find("cuEventElapsedTime");
            _eventDestroy = (delegate* unmanaged<nint, int>)Find("cuEventDestroy_v2");
            Check(initialise(0), "cuInit", "Starting the CUDA driver");
        }
        catch
        {
            NativeLibrary.Free(_library);
            throw;
        }
    }

    /// <summary>The CUDA version the driver supports, for example 12.4.</summary>
    public Version Version()
    {
        int version;
        Check(_driverGetVersion(&version), "cuDriverGetVersion", "Asking the CUDA driver for its version");
        return new(version / 1000, version % 1000 / 10);
    }

    /// <summary>What a device is.</summary>
    /// <param name="index">As CUDA counts them, and libtorch.</param>
    public (int Handle, string Name, ComputeCapability Capability, int Multiprocessors) Device(int index)
    {
        var doing = $"Opening cuda:{index}";
        int handle;
        Check(_deviceGet(&handle, index), "cuDeviceGet", doing);
        var name = stackalloc byte[256];
        Check(_deviceGetName(name, 256, handle), "cuDeviceGetName", doing);
        return (handle, Text(name), new(Attribute(CapabilityMajor, handle, doing), Attribute(CapabilityMinor, handle, doing)), Attribute(MultiprocessorCount, handle, doing));
    }

    private int Attribute(int attribute, int device, string doing)
    {
        int value;
        Check(_deviceGetAttribute(&value, attribute, device), "cuDeviceGetAttribute", doing);
        return value;
    }

    /// <summary>The device's primary context, the one that libtorch works in; give it back with <see cref="ReleasePrimary"/>.</summary>
    public nint RetainPrimary(int device)
    {
        nint context;
        Check(_primaryRetain(&context, device), "cuDevicePrimaryCtxRetain", $"Entering the primary context of CUDA device {device}");
        return context;
    }

    /// <summary>Gives a primary context back. A driver that is gone already has nothing to give it back to, so nothing is reported.</summary>
    public void ReleasePrimary(int device) => _ = _primaryRelease(device);

    /// <summary>Does some work with a context current on this thread, and makes the one current again that was so before.</summary>
    public T Within<T>(nint context, string doing, Func<T> work)
    {
        Check(_contextPush(context), "cuCtxPushCurrent", doing);
        nint left;
        T result;
        try
        {
            result = work();
        }
        catch
        {
            _ = _contextPop(&left);
            throw;
        }
        Check(_contextPop(&left), "cuCtxPopCurrent", doing);
        return result;
    }

    /// <summary>Compiles PTX for the current context's device. What the driver's compiler says is part of the error.</summary>
    public nint LoadModule(ReadOnlySpan<byte> ptx, string doing)
    {
        var image = new byte[ptx.Length + 1];
        ptx.CopyTo(image);
        byte[] info = new byte[LogBytes], errors = new byte[LogBytes];
        nint module;
        fixed (byte* text = image, infoLog = info, errorLog = errors)
        {
            var options = stackalloc int[] { InfoLogBuffer, InfoLogBytes, ErrorLogBuffer, ErrorLogBytes };
            var values = stackalloc void*[] { infoLog, (void*)LogBytes, errorLog, (void*)LogBytes };
            var code = _moduleLoad(&module, text, 4, options, values);
            if (code != 0) throw Failure(code, "cuModuleLoadDataEx", doing, string.Join('\n', new[] { Text(errorLog), Text(infoLog) }.Where(log => log.Length > 0)).TrimEnd());
        }
        return module;
    }

    /// <summary>Forgets a module of the current context. Like <see cref="ReleasePrimary"/>, it reports nothing.</summary>
    public void UnloadModule(nint module) => _ = _moduleUnload(module);

    /// <summary>A kernel of a module.</summary>
    public nint Function(nint module, string entry, string doing)
    {
        nint function;
        fixed (byte* name = Encoding.UTF8.GetBytes(entry + '\0'))
            Check(_moduleGetFunction(&function, module, name), "cuModuleGetFunction", doing);
        return function;
    }

    /// <summary>Groups of so many threads, without dynamic shared memory, that a multiprocessor holds at once.</summary>
    public int GroupsPerMultiprocessor(nint function, int threads, string doing)
    {
        int groups;
        Check(_occupancy(&groups, function, threads, 0), "cuOccupancyMaxActiveBlocksPerMultiprocessor", doing);
        return groups;
    }

    /// <summary>Queues a kernel in a context and leaves the thread's current context as it was.</summary>
    /// <param name="context">Where the function was loaded.</param>
    /// <param name="function">The kernel.</param>
    /// <param name="groups">Grid along x and y.</param>
    /// <param name="threads">Threads of a group.</param>
    /// <param name="stream">0 is the default stream.</param>
    /// <param name="parameters">As the kernel declares them, packed.</param>
    /// <param name="call">The call that failed, where the result is not 0.</param>
    /// <returns>The driver's code: formatting an error belongs to the caller, who knows what was launched.</returns>
    public int Launch(nint context, nint function, (uint X, uint Y) groups, uint threads, nint stream, ReadOnlySpan<byte> parameters, out string call)
    {
        call = "cuCtxPushCurrent";
        var code = _contextPush(context);
        if (code != 0) return code;
        fixed (byte* packed = parameters)
        {
            var bytes = (nuint)parameters.Length;
            var extras = stackalloc void*[] { (void*)ParameterBuffer, packed, (void*)ParameterBytes, &bytes, (void*)EndOfExtras };
            code = _launchKernel(function, groups.X, groups.Y, 1, threads, 1, 1, 0, stream, null, extras);
        }
        nint left;
        var popped = _contextPop(&left);
        call = code != 0 ? "cuLaunchKernel" : "cuCtxPopCurrent";
        return code != 0 ? code : popped;
    }

    /// <summary>An event that remembers when the device reached it; needs a current context.</summary>
    public nint CreateEvent()
    {
        nint created;
        Check(_eventCreate(&created, 0), "cuEventCreate", Timing);
        return created;
    }

    /// <summary>Queues an event.</summary>
    public void Record(nint recorded, nint stream) => Check(_eventRecord(recorded, stream), "cuEventRecord", Timing);

    /// <summary>Waits until the device has reached <paramref name="end"/>.</summary>
    /// <returns>Milliseconds between the two, to about half a microsecond.</returns>
    public double MillisecondsBetween(nint start, nint end)
    {
        Check(_eventSynchronize(end), "cuEventSynchronize", Timing);
        float milliseconds;
        Check(_eventElapsed(&milliseconds, start, end), "cuEventElapsedTime", Timing);
        return milliseconds;
    }

    /// <summary>Forgets an event; reports nothing.</summary>
    public void DestroyEvent(nint destroyed) => _ = _eventDestroy(destroyed);

    /// <summary>What a code means.</summary>
    public CudaException Failure(int code, string call, string doing, string log = "")
    {
        byte* name = null, text = null;
        var known = _errorName(code, &name) == 0 && name != null;
        var explained = _errorText(code, &text) == 0 && text != null;
        return new(doing, call, code, known ? Text(name) : "an unknown error", explained ? Text(text) : "", log);
    }

    /// <inheritdoc/>
    public void Dispose() => NativeLibrary.Free(_library);

    private const string Timing = "Timing work on a CUDA device";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(int code, string call, string doing)
    {
        if (code != 0) throw Failure(code, call, doing);
    }

    private static nint OpenInstalled()
    {
        // The development package's libcuda.so is not on every machine that has a driver.
        string[] names = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library)) return library;
        }
        throw new DllNotFoundException($"The CUDA driver ({names[0]}) is not installed, or not where libraries are searched for. Install NVIDIA's driver, or use --device cpu.");
    }

    private nint Find(string name) => NativeLibrary.TryGetExport(_library, name, out var function)
        ? function
        : throw new DllNotFoundException($"The CUDA driver lacks {name}: it is older than CUDA 7. Update it.");

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
