using Lacuna.Kernels;

namespace Lacuna.Tests.Cli;

/// <summary>The kernels on the command line.</summary>
public sealed class KernelsTests
{
    [Fact]
    public void EveryKernelIsListedWithItsGroupAndParameters()
    {
        var said = Said.By("kernels").Expect(0);
        Assert.Equal("", said.Error);
        Assert.All(KernelCatalogue.All, kernel => Assert.Contains($"{kernel.Name}, ", said.Out));
        // One that is not likely to change.
        Assert.Contains($"LabelGather.Kernel, 256 threads a group{Environment.NewLine}    view of long labels, view of long rows, ", said.Out);
        Assert.EndsWith($"{KernelCatalogue.All.Count} kernels{Environment.NewLine}", said.Out);
    }

    [Fact]
    public void TheListIsAlsoJson()
    {
        var list = Said.By("kernels", "--json").Expect(0).Json.EnumerateArray().ToArray();
        Assert.Equal(KernelCatalogue.All.Select(kernel => kernel.Name), list.Select(kernel => kernel.GetProperty("name").GetString()));
        Assert.All(list, kernel => Assert.NotEqual(0, kernel.GetProperty("parameters").GetArrayLength()));
    }

    [Fact]
    public void EveryOperationIsChecked()
    {
        var said = Said.By("kernels", "--check").Expect(0);
        Assert.StartsWith("OK  ", said.Out);
        Assert.Matches(@"\n(\d+) of \1 as near to the operators in float64 as rounding allows, on cpu\r?\n$", said.Out);
        Said.By("kernels", "--check", "--kernels", "operators").Refuses(1, "nothing to check");
    }

#if PORTABLE_KERNELS
    [Fact]
    public void AFolderOfKernelsIsCheckedEvenOnTheCpu()
    {
        using var folder = new TemporaryFolder();
        Said.By("kernels", "--check", "--ptx", folder.Path).Refuses(1, "kernels.json: is not there", "lacuna kernels --emit-ptx DIR");
    }

    [Fact]
    public void WithoutACompilerItIsSaidHowToHaveOne()
    {
        using var folder = new TemporaryFolder();
        Said.By("kernels", "--emit-ptx", folder.File("ptx")).Refuses(1, "no kernel compiler", "./build.sh --stack nuget kernels --emit-ptx DIR", "-p:KernelStack=nuget");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
#else
    [Fact]
    public void EveryKernelIsCompiledWithoutAGpu()
    {
        using var folder = new TemporaryFolder();
        var said = Said.By("kernels", "--emit-ptx", folder.File("ptx"), "--arch", "sm_90").Expect(0);
        Assert.Contains($"{KernelCatalogue.All.Count} kernels by ILGPU 1.5.3", said.Out);
        Assert.Equal(KernelCatalogue.All.Count + 1, Directory.GetFiles(folder.File("ptx")).Length);
        var manifest = Said.By("kernels", "--emit-ptx", folder.File("ptx"), "--json").Expect(0).Json;
        Assert.Equal(KernelCatalogue.All.Count, manifest.GetProperty("kernels").GetArrayLength());
        _ = new Lacuna.Gpu.Launch.PtxFolder(folder.File("ptx"));
    }
#endif
}
