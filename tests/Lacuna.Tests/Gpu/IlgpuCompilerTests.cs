#if !PORTABLE_KERNELS
using System.Text.RegularExpressions;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;

namespace Lacuna.Tests.Gpu;

/// <summary>What ILGPU makes of the kernels, against what the launch assumes; no device is needed.</summary>
public sealed class IlgpuCompilerTests
{
    public static TheoryData<string> Names => [.. KernelCatalogue.All.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryKernelCompilesToWhatTheLaunchAssumes(string name)
    {
        var kernel = KernelCatalogue.Get(name);
        var ptx = new IlgpuCompiler().Get(kernel, new ComputeCapability(9, 0));
        Assert.Equal(new ComputeCapability(8, 0), ptx.Target());
        Assert.Contains($".maxntid {kernel.GroupSize}, 1, 1", ptx.Text);
        // Nothing on the stack: such memory is slow, and none of the kernels needs it.
        Assert.DoesNotContain(".local", ptx.Text);
        // ILGPU's mark, which is not to be trusted.
        Assert.DoesNotMatch(@"@\S+\s+bra\.uni", ptx.Text);

        var head = Regex.Match(ptx.Text, @"\.entry " + Regex.Escape(ptx.Entry) + @"\((.*?)\)", RegexOptions.Singleline);
        Assert.True(head.Success, ptx.Text);
        var declared = head.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(new ParameterLayout(kernel).Parameters.Select(Declaration), declared.Select(text => Regex.Replace(text, @"_\d+(?=$|\[)", "")));
    }

    private static string Declaration(KernelParameter parameter) => parameter.Type switch
    {
        "int" => $".param .b32 _{parameter.Name}",
        "long" => $".param .b64 _{parameter.Name}",
        "float" => $".param .f32 _{parameter.Name}",
        "double" => $".param .f64 _{parameter.Name}",
        _ => $".param .align 8 .b8 _{parameter.Name}[16]",
    };

    [Fact]
    public void OlderDevicesGetPtxForThem() => Assert.Equal(new ComputeCapability(7, 5), new IlgpuCompiler().Get(KernelCatalogue.All[0], new ComputeCapability(7, 5)).Target());

    [Fact]
    public void AKernelThatCannotBeCompiledIsNamed()
    {
        var method = typeof(IlgpuCompilerTests).GetMethod(nameof(Throws), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        Assert.StartsWith("Some.Kernel does not compile with ILGPU 1.5.3", Assert.Throws<InvalidOperationException>(() => new IlgpuCompiler().Get(new("Some.Kernel", method, 64, false), new(9, 0))).Message);
    }

    private static void Throws(ILGPU.ArrayView<int> view)
    {
        if (view[0] == 1) throw new InvalidOperationException();
    }
}
#endif
