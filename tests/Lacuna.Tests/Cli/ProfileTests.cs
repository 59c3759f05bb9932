using System.Text.Json;

namespace Lacuna.Tests.Cli;

[Collection(TensorLibrary.Name)]
public sealed class ProfileTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    [Theory]
    [InlineData("forget-vector", "--epochs 1", "forward,input gradient", "StepForgetVector,ApplyForgetVector,LossesOfLogits,ReluInPlace,GateInPlace")]
    [InlineData("compose", "--epochs 1 --vectors VECTOR", "forward,input gradient", "ApplyForgetVectors,TotalForgetVectorProjections,FusedSgd")]
    [InlineData("mu-mis", "--max-steps 2", "forward,input gradient,tangent,weight product", "FusedSgd,SquaredNorms,GateInPlace")]
    [InlineData("mu-mis", "--max-steps 2 --kernels operators", "forward,input gradient,double backward", "FusedSgd")]
    [InlineData("instance-wise", "--max-passes 1 --adversarial 1 --attack-steps 2", "forward,input gradient,training backward", "StartInL2Ball,StepInL2Ball,Hold,FusedSgd,AccumulateConvolutionImportance")]
    [InlineData("negative-gradient", "--max-passes 1", "forward,training backward", "FusedSgd")]
    [InlineData("retrain", "--epochs 1 --batch 20", "forward,training backward", "FusedSgd")]
    [InlineData("fine-tune", "--epochs 1 --batch 20", "forward,training backward", "FusedSgd")]
    public void EveryMethodsTimeIsDivided(string method, string options, string passes, string kernels)
    {
        var report = Profile(method, [.. options.Split(' ').Select(word => word == "VECTOR" ? Vector() : word), "--json", "--quiet"]).Expect(0).Json;
        Assert.Equal(
            ["environment", "method", "options", "forget", "seconds", "peak", "multiply_adds_per_image", "images_per_second", "gflops", "share_of_peak", "idle_share", "shares", "spans"],
            report.EnumerateObject().Select(property => property.Name));
        Assert.Equal(method, report.GetProperty("method").GetString());
        var seconds = report.GetProperty("seconds").GetDouble();
        Assert.Equal(seconds, Own(report.GetProperty("spans")), 1e-6);
        var shares = report.GetProperty("shares").EnumerateArray().ToArray();
        Assert.Equal(seconds, shares.Sum(share => share.GetProperty("seconds").GetDouble()), 1e-6);
        Assert.Equal(["kind", "name", "calls", "seconds", "share", "images", "images_per_second", "gflops", "share_of_peak"], shares[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(passes.Split(',').Order(), Names("pass").Order());
        Assert.Superset(kernels.Split(',').ToHashSet(), Names("kernel").ToHashSet());
        Assert.Equal(["batch assembly"], Names("data"));
        Assert.True(report.GetProperty("peak").GetProperty("matrix_gflops").GetDouble() > 0);
        Assert.InRange(report.GetProperty("idle_share").GetDouble(), 0, 1);
        Assert.True(report.GetProperty("multiply_adds_per_image").GetInt64() > 0);

        IEnumerable<string> Names(string kind) => shares.Where(share => share.GetProperty("kind").GetString() == kind).Select(share => share.GetProperty("name").GetString()!);
    }

    [Fact]
    public void OnTheScreenThereAreTheBarAndTheTable()
    {
        var said = Profile("mu-mis", "--max-steps", "1", "--quiet").Expect(0);
        Assert.Equal("", said.Error);
        Assert.Matches(@"(?m)^mu-mis on cpu, \d+ thread\(s\): [\d.]+ s, [\d,]+ images/s", said.Out);
        Assert.Matches(@"(?m)^\|run 100 %-+\r?$", said.Out);
        Assert.Matches(@"(?m)^│ pass +│ weight product ", said.Out);
    }

    [Fact]
    public void WatchingARunDoesNotChangeItsResult()
    {
        var (plain, watched) = (trained.NewFolder(), trained.NewFolder());
        trained.Unlearn("mu-mis", plain, "--forget", "class:1", "--max-steps", "2", "--quiet").Expect(0);
        Profile("mu-mis", "--max-steps", "2", "--out", watched, "--quiet").Expect(0);
        Assert.Equal(File.ReadAllBytes(Path.Combine(plain, "mu-mis.safetensors")), File.ReadAllBytes(Path.Combine(watched, "mu-mis.safetensors")));
        Assert.Equal([.. Directory.GetFiles(plain).Select(Path.GetFileName).Append("profile.json").Order()], Directory.GetFiles(watched).Select(Path.GetFileName).Order());
        Assert.Equal("mu-mis", JsonDocument.Parse(File.ReadAllText(Path.Combine(watched, "profile.json"))).RootElement.GetProperty("method").GetString());
    }

    [Fact]
    public void BadInputIsRefusedBeforeAnythingIsMeasured()
    {
        Said.By("profile", "mu-mis", "--forget", "class:1").Refuses(2, "'checkpoint'");
        Profile("mu-mis", "--oracle", trained.Checkpoint).Refuses(2, "--oracle", "--out");
        Profile("mu-mis", "--max-steps", "0").Refuses(2, "MaxSteps is 0");
        Profile("mu-mis", "--out", trained.Folder).Refuses(1, "not empty", "--out");
        Assert.Contains("squirrel", Said.By("profile", "squirrel").Expect(2).Error);
    }

    private Said Profile(string method, params string[] more) =>
        Said.By(["profile", method, "--data", trained.Data, "--checkpoint", trained.Checkpoint, "--seed", TrainedOnce.Seed, "--forget", method is "instance-wise" or "negative-gradient" ? "random:4" : "class:1", .. more]);

    private string Vector()
    {
        var folder = trained.NewFolder();
        trained.Unlearn("forget-vector", folder, "--forget", "class:0", "--epochs", "1", "--quiet").Expect(0);
        return Path.Combine(folder, "forget-vector.safetensors");
    }

    private static double Own(JsonElement span) => span.GetProperty("own_seconds").GetDouble() + span.GetProperty("children").EnumerateArray().Sum(Own);
}
