using System.Text.Json.Nodes;
using Lacuna.Data;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;

namespace Lacuna.Tests.Gpu;

/// <summary>Folders of kernels compiled ahead of time: what one build writes another reads, and nothing that was made for other kernels.</summary>
public sealed class PtxFolderTests : IDisposable
{
    private static readonly ComputeCapability Hopper = new(9, 0);

    private readonly TemporaryFolder _folder = new();

    public PtxFolderTests() => PtxFolder.Emit(_folder.Path, new FakeCompiler { Compiler = "some compiler 1.0" }, Hopper);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryKernelIsReadBack()
    {
        var folder = new PtxFolder(_folder.Path);
        Assert.Equal("some compiler 1.0", folder.Compiler);
        Assert.All(KernelCatalogue.All, kernel => Assert.Equal(new FakeCompiler().Get(kernel, Hopper), folder.Get(kernel, Hopper)));
    }

    [Fact]
    public void TheListSaysWhatIsThere()
    {
        var list = Manifest;
        Assert.Equal((1, "sm_90", "sm_80"), ((int)list["format"]!, (string)list["architecture"]!, (string)list["target"]!));
        Assert.Equal(KernelCatalogue.Sources, (string)list["sources"]!);
        Assert.Matches("^[0-9a-f]{64}$", KernelCatalogue.Sources);
        Assert.Equal(KernelCatalogue.All.Select(k => k.Name), list["kernels"]!.AsArray().Select(k => (string)k!["name"]!));
    }

    [Fact]
    public void AKernelOfItIsLaunched()
    {
        KernelEntry[] kernels = [FakeKernels.Get(FakeKernels.Scale)];
        PtxFolder.Emit(_folder.File("one"), new FakeCompiler(), Hopper, kernels, null, TestContext.Current.CancellationToken);
        using var cuda = new FakeCuda();
        using var launcher = cuda.Launcher(new PtxFolder(_folder.File("one"), kernels));
        launcher.Launch(FakeKernels.Scale, FakeCuda.Device, LaunchSize.For(3), KernelArgument.View(64, 4), KernelArgument.View(128, 2), 2f);
        Assert.StartsWith("launch Kernel_ScaleKernel grid 3 1 ", Assert.Single(cuda.LogOf("launch")));
    }

    [Fact]
    public void ALauncherIsMadeOnlyOfAWholeFolder()
    {
        File.Delete(_folder.File(PtxFolder.ManifestName));
        Assert.Throws<DataFileException>(() => KernelLaunchers.ForCuda(_folder.Path));
#if PORTABLE_KERNELS
        Assert.Null(KernelLaunchers.ForCuda(null));
#endif
    }

    [Fact]
    public void AnOlderDeviceIsRefused()
    {
        var folder = new PtxFolder(_folder.Path);
        var kernel = KernelCatalogue.All[0];
        folder.Get(kernel, new ComputeCapability(8, 0));
        var error = Assert.Throws<InvalidOperationException>(() => folder.Get(kernel, new ComputeCapability(7, 5))).Message;
        Assert.Contains("run on devices from sm_80 on, and this one is sm_75", error);
    }

    [Fact]
    public void AFolderWithoutAListIsNone()
    {
        File.Delete(_folder.File(PtxFolder.ManifestName));
        Assert.Contains("kernels.json: is not there", Refused());
    }

    [Fact]
    public void AMissingKernelIsNamed()
    {
        Change(list => list["kernels"]!.AsArray().RemoveAt(0));
        Assert.Contains($"lacks the kernel {KernelCatalogue.All[0].Name}. Emit it anew", Refused());
    }

    [Fact]
    public void OtherParametersAreNamed()
    {
        Change(list => list["kernels"]![0]!["parameters"]![0]!["type"] = "int");
        Assert.Contains($"holds a {KernelCatalogue.All[0].Name} that takes (int ", Refused());
    }

    [Fact]
    public void OtherGroupsAreNamed()
    {
        Change(list => list["kernels"]![0]!["group_size"] = 32);
        Assert.Contains($"holds a {KernelCatalogue.All[0].Name} for groups of 32 threads", Refused());
    }

    [Fact]
    public void OtherSourcesAreRefusedEvenWithTheSameParameters()
    {
        Change(list => list["sources"] = new string('0', 64));
        Assert.Contains("other versions of the kernels' sources", Refused());
    }

    [Fact]
    public void ALaterFormatIsRefused()
    {
        Change(list => list["format"] = 2);
        Assert.Contains("is of format 2, and this Lacuna reads 1", Refused());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"format\": 1}")]
    [InlineData("[1]")]
    public void ADamagedListIsSaid(string text)
    {
        _folder.Write(PtxFolder.ManifestName, text);
        Assert.Contains("kernels.json: is damaged", Refused());
    }

    [Fact]
    public void ATargetThatIsNoneIsSaid()
    {
        Change(list => list["target"] = "sm");
        Assert.Contains("kernels.json: is damaged: 'sm' is no CUDA architecture", Refused());
    }

    [Fact]
    public void ADamagedOrMissingKernelIsNamed()
    {
        var file = KernelCatalogue.All[0].Name + ".ptx";
        File.AppendAllText(_folder.File(file), " ");
        Assert.Contains(file + ": is damaged", Refused());
        File.Delete(_folder.File(file));
        Assert.Contains(file + ": is not there, but kernels.json lists it", Refused());
    }

    [Fact]
    public void AnEmissionThatFailsLeavesNoList()
    {
        Assert.Throws<ArgumentException>(() => PtxFolder.Emit(_folder.Path, new FakeCompiler { Instead = "no target" }, Hopper, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("is not there", Refused());
    }

    [Theory]
    [InlineData("sm_80", 8, 0)]
    [InlineData("SM_90", 9, 0)]
    [InlineData("sm_121", 12, 1)]
    public void ArchitecturesAreRead(string text, int major, int minor)
    {
        Assert.Equal(new ComputeCapability(major, minor), ComputeCapability.Parse(text));
        Assert.Equal(text.ToLowerInvariant(), new ComputeCapability(major, minor).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("sm_")]
    [InlineData("sm_9")]
    [InlineData("sm_90a")]
    [InlineData("sm_-90")]
    public void WhatIsNoArchitectureIsRefused(string text) => Assert.Contains($"'{text}' is no CUDA architecture", Assert.Throws<ArgumentException>(() => ComputeCapability.Parse(text)).Message);

    private JsonNode Manifest => JsonNode.Parse(File.ReadAllText(_folder.File(PtxFolder.ManifestName)))!;

    private void Change(Action<JsonNode> change)
    {
        var list = Manifest;
        change(list);
        _folder.Write(PtxFolder.ManifestName, list.ToJsonString());
    }

    private string Refused() => Assert.Throws<DataFileException>(() => new PtxFolder(_folder.Path)).Message;
}
