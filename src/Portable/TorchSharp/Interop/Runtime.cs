using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

// Runtime.cpp: the library as a whole.
internal static partial class Native
{
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial nint lt_error();
    [LibraryImport(Library)] internal static partial int lt_built_for(out nint result);
    [LibraryImport(Library)] internal static partial int lt_version(out nint result);
    [LibraryImport(Library)] internal static partial int lt_parallel_info(out nint result);
    [LibraryImport(Library)] internal static partial int lt_location(out nint result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int lt_live_tensors(out long result);
    [LibraryImport(Library)] internal static partial int lt_release(nint tensor);
    [LibraryImport(Library)] internal static partial int lt_num_threads(out int result);
    [LibraryImport(Library)] internal static partial int lt_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int lt_manual_seed(long seed);
    [LibraryImport(Library)] internal static partial int lt_generator_new(ulong seed, out nint result);
    [LibraryImport(Library)] internal static partial int lt_generator_default(int deviceType, int deviceIndex, out nint result);
    [LibraryImport(Library)] internal static partial int lt_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial int lt_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int lt_generator_initial_seed(nint generator, out ulong result);
    [LibraryImport(Library)] internal static partial int lt_generator_state(nint generator, out nint result);
    [LibraryImport(Library)] internal static partial int lt_generator_set_state(nint generator, Tensor state);
    [LibraryImport(Library)] internal static partial int lt_cuda_is_available([MarshalAs(UnmanagedType.U1)] out bool result);
    [LibraryImport(Library)] internal static partial int lt_cuda_device_count(out int result);
    [LibraryImport(Library)] internal static partial int lt_cuda_synchronize(long device);
    [LibraryImport(Library)] internal static partial int lt_cuda_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial int lt_cuda_manual_seed_all(ulong seed);
    [LibraryImport(Library)] internal static partial int lt_cuda_current_stream(int device, out nint result);
    [LibraryImport(Library)] internal static partial int lt_allow_tf32(int matmul, int cudnn);
    [LibraryImport(Library)] internal static partial int lt_allows_tf32([MarshalAs(UnmanagedType.U1)] out bool matmul, [MarshalAs(UnmanagedType.U1)] out bool cudnn);
    [LibraryImport(Library)] internal static partial int lt_benchmark_cudnn([MarshalAs(UnmanagedType.U1)] bool search);
    [LibraryImport(Library)] internal static partial int lt_benchmarks_cudnn([MarshalAs(UnmanagedType.U1)] out bool result);
}
