using TorchSharp;
using static TorchSharp.Native;
using static TorchSharp.torch;

namespace Lacuna.Portable;

/// <summary>What the engine needs of libtorch and the official TorchSharp does not offer.</summary>
public static class Libtorch
{
    /// <summary>The version of the libtorch that was loaded, such as "2.6.0".</summary>
    public static string Version => Text(lt_version(out nint text), text);

    /// <summary>The version whose headers the shim was built with; same major and minor version as <see cref="Version"/>, or nothing would have loaded.</summary>
    public static string BuiltFor => Text(lt_built_for(out nint text), text);

    /// <summary>The file the tensor code was loaded from.</summary>
    public static string Location => Text(lt_location(out nint text), text);

    /// <summary>Threads, BLAS and OpenMP in libtorch's own words, several lines.</summary>
    public static string ParallelInfo => Text(lt_parallel_info(out nint text), text);

    public static bool HasCuda => cuda.is_available();

    /// <summary>Tensors alive in the whole process: a count that grows from step to step is a leak.</summary>
    public static long LiveTensors => Tensor.TotalCount;

    /// <summary>Bytes of all CPU tensors alive, each rounded up to its block; blocks kept for reuse are not counted.</summary>
    public static long AllocatedBytes
    {
        get
        {
            Check(lt_allocated_bytes(out long bytes));
            return bytes;
        }
    }

    /// <summary>The address of the first element, storage offset included, on whatever device it lies. Valid while the tensor is.</summary>
    public static nint DataPointer(Tensor tensor)
    {
        Check(lt_data(tensor, out nint address));
        return address;
    }

    /// <summary>The CUstream on which libtorch queues this thread's work on a device; 0 is CUDA's default stream. Throws without CUDA.</summary>
    public static nint CurrentCudaStream(int deviceIndex)
    {
        Check(lt_cuda_current_stream(deviceIndex, out nint stream));
        return stream;
    }

    /// <summary>A [N, C, H, W] tensor with the channels of a pixel side by side in memory; shares the storage when they already are.</summary>
    public static Tensor ToChannelsLast(Tensor tensor) => Made(lt_channels_last(tensor, out nint result), result);

    /// <summary>Whether cuDNN tries its algorithms for every shape of a convolution that it meets for the first time, and takes the fastest from then on. For the whole process.</summary>
    public static bool SearchesConvolutions
    {
        get
        {
            Check(lt_benchmarks_cudnn(out bool searches));
            return searches;
        }
        set => Check(lt_benchmark_cudnn(value));
    }

    /// <summary>Threads inside one operation, for the whole process. At load: one a physical core, unless OMP_NUM_THREADS is set.</summary>
    public static void SetThreads(int count) => set_num_threads(count);
}
