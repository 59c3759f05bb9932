using Lacuna.Gpu.Launch;
using Lacuna.Kernels;

namespace Lacuna.Tests.Gpu;

/// <summary>Compiled kernels on the disk: compiled once, again when anything they depend on is another, and never believed when damaged.</summary>
public sealed class PtxCacheTests : IDisposable
{
    private static readonly KernelEntry Kernel = FakeKernels.Get(FakeKernels.Scale);
    private static readonly ComputeCapability Hopper = new(9, 0);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWasCompiledOnceIsReadFromThenOn()
    {
        var compiler = new FakeCompiler();
        var first = new PtxCache(compiler, Folder).Get(Kernel, Hopper);
        Assert.Equal(first, new PtxCache(compiler, Folder).Get(Kernel, Hopper));
        Assert.Equal("Kernel_ScaleKernel", first.Entry);
        Assert.Single(compiler.Asked);
        var file = Assert.Single(Directory.GetFiles(Folder));
        Assert.StartsWith(FakeKernels.Scale + ".sm_90.", Path.GetFileName(file));
    }

    [Fact]
    public void AnotherKernelArchitectureOrCompilerIsAnotherFile()
    {
        var compilers = new[] { new FakeCompiler(), new FakeCompiler { Compiler = "other" } };
        var cache = new PtxCache(compilers[0], Folder);
        cache.Get(Kernel, Hopper);
        cache.Get(Kernel, new ComputeCapability(8, 0));
        cache.Get(FakeKernels.Get(FakeKernels.Offset), Hopper);
        new PtxCache(compilers[1], Folder).Get(Kernel, Hopper);
        Assert.Equal(4, Directory.GetFiles(Folder).Length);
        Assert.Equal(4, compilers.Sum(c => c.Asked.Count));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("entry")]
    [InlineData("empty")]
    [InlineData("foreign")]
    [InlineData("folder")]
    public void ADamagedFileIsCompiledAgainAndMended(string damage)
    {
        var compiler = new FakeCompiler();
        var cache = new PtxCache(compiler, Folder);
        var whole = cache.Get(Kernel, Hopper);
        var path = cache.PathFor(Kernel, Hopper);
        var text = File.ReadAllText(path);
        if (damage == "folder")
        {
            File.Delete(path);
            Directory.CreateDirectory(path);
        }
        else
        {
            File.WriteAllText(path, damage switch
            {
                "cut" => text[..^5],
                "changed" => text.Replace("ret", "bra"),
                "entry" => text.Replace(" Kernel_ScaleKernel\n", " Kernel_Other\n"),
                "empty" => "",
                _ => ".version 7.0\n",
            });
        }
        Assert.Equal(whole, cache.Get(Kernel, Hopper));
        Assert.Equal(2, compiler.Asked.Count);
        if (damage == "folder") return;
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Equal(whole, cache.Get(Kernel, Hopper));
        Assert.Equal(2, compiler.Asked.Count);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenCostsOnlyTime()
    {
        var compiler = new FakeCompiler();
        var cache = new PtxCache(compiler, Path.Combine(_folder.Write("file", ""), "below"));
        Assert.Equal(cache.Get(Kernel, Hopper), cache.Get(Kernel, Hopper));
        Assert.Equal(2, compiler.Asked.Count);
    }

    [Fact]
    public void ThePlaceIsTheSystemsForCaches()
    {
        // The tests have a cache of their own; here it is the system's that is looked at.
        var own = Environment.GetEnvironmentVariable("LACUNA_CACHE");
        Environment.SetEnvironmentVariable("LACUNA_CACHE", null);
        try
        {
            Assert.True(Path.IsPathFullyQualified(PtxCache.DefaultFolder));
            Assert.EndsWith(Path.Combine("lacuna", "ptx"), PtxCache.DefaultFolder);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LACUNA_CACHE", own);
        }
    }

    private string Folder => _folder.File("ptx");
}
