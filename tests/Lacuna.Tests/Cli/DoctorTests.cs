namespace Lacuna.Tests.Cli;

[Collection(TensorLibrary.Name)]
public sealed class DoctorTests
{
    [Fact]
    public void DoctorMeasuresAndGivesOneDocument()
    {
        var report = Said.By("doctor", "--json").Expect(0).Json;
        Assert.Equal("cpu", report.GetProperty("environment").GetProperty("device").GetString());
        Assert.True(report.GetProperty("matrix_gflops").GetDouble() > 0);
        Assert.True(report.GetProperty("convolution_gflops").GetDouble() > 0);
        foreach (var format in new[] { "jpeg", "png" }) Assert.NotNull(report.GetProperty(format).GetString());
        Assert.Equal(TorchSharp.torch.get_num_threads(), report.GetProperty("environment").GetProperty("threads").GetInt32());
    }
}
