using System.Runtime.InteropServices;

namespace Lacuna.Gpu.Launch;

/// <summary>A call of the CUDA driver failed. The message says in doing what, which call, what the driver says, and what to do.</summary>
public sealed class CudaException : ExternalException
{
    internal CudaException(string doing, string call, int code, string name, string text, string log = "")
        : base($"{doing}: {call} failed with {name} ({code}){(text.Length > 0 ? $", {text}" : "")}. {AdviceFor(code)}{(log.Length > 0 ? "\n" + log : "")}", code)
    {
        Call = call;
        Name = name;
    }

    /// <summary>Function of the driver, for example <c>cuLaunchKernel</c>.</summary>
    public string Call { get; }

    /// <summary>What the driver calls the error, for example <c>CUDA_ERROR_ILLEGAL_ADDRESS</c>.</summary>
    public string Name { get; }

    // Codes of CUresult, cuda.h.
    private static string AdviceFor(int code) => code switch
    {
        2 => "The device has too little free memory; use smaller batches, or end other programs on it.",
        3 or 4 => "The driver is shutting down or was never set up; start the program again.",
        100 or 101 or 802 => "'nvidia-smi -L' lists the devices; CUDA_VISIBLE_DEVICES can hide them.",
        209 or 218 or 222 => "The PTX does not suit this device or driver. Update the driver, or compile for this device with 'lacuna kernels --emit-ptx DIR --arch sm_NN'.",
        221 => "The driver's PTX compiler (libnvidia-ptxjitcompiler) is missing; install the driver whole.",
        500 => "The PTX holds another kernel than its list says; emit it again with 'lacuna kernels --emit-ptx DIR'.",
        700 or 715 or 716 or 717 or 718 or 719 => "A kernel that ran earlier went astray, and this process cannot use the device any more. '--kernels operators' does without our kernels; please report it.",
        803 or 804 => "The driver is older than the CUDA that libtorch was built for; update it.",
        _ => "'--kernels operators' does the work without our kernels.",
    };
}
