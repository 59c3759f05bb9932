namespace Lacuna.Tests.Cli;

/// <summary>Words that the command line does not take: exit code 2, nothing on stdout, on stderr what is wrong and where to look.</summary>
[Collection(TensorLibrary.Name)]
public sealed class UsageTests
{
    [Theory]
    [InlineData("dem", "'dem' is not recognized")]
    [InlineData("--verbose", "'--verbose' is not recognized")]
    [InlineData("unlearn finetune", "'finetune' is not recognized", "fine-tune")]
    [InlineData("unlearn --checkpoint x", "'--checkpoint' is not recognized", "mu-mis")]
    [InlineData("help nothing", "'nothing' is not recognized")]
    public void UnknownVerbsAreNamedBesideTheKnownOnes(string line, params string[] words)
    {
        var said = Said.By(line.Split(' ')).Expect(2);
        Assert.Equal("", said.Out);
        Assert.All(words, word => Assert.Contains(word, said.Error));
        Assert.Contains("--help' shows", said.Error);
    }

    [Theory]
    [InlineData()]
    [InlineData("unlearn")]
    public void NoVerbShowsTheVerbs(params string[] arguments)
    {
        var said = Said.By(arguments).Expect(2);
        Assert.Equal("", said.Out);
        Assert.Contains("No verb selected", said.Error);
        Assert.Contains(arguments.Length == 0 ? "demo" : "mu-mis", said.Error);
    }

    [Theory]
    [InlineData("train --out OUT --epoch 3", "Option 'epoch' is unknown", "'lacuna train --help'")]
    [InlineData("train", "Required option 'out' is missing", "'lacuna train --help'")]
    [InlineData("unlearn mu-mis --out OUT", "'checkpoint' is missing", "'forget' is missing", "'lacuna unlearn mu-mis --help'")]
    [InlineData("train --out OUT --epochs many", "Option 'epochs'")]
    [InlineData("train --out OUT --seed -1", "Option 'seed'")]
    [InlineData("train --out OUT --epochs", "Option 'epochs' has no value")]
    [InlineData("train --out --quiet", "option 'out'")]
    [InlineData("train --epochs --out OUT", "Option 'epochs'")]
    [InlineData("unlearn forget-vector --checkpoint c --forget class:1 --out OUT --penalty huge", "Option 'penalty'")]
    [InlineData("verify --checkpoint c", "'reference' is missing")]
    [InlineData("evaluate --checkpoint c --forget class:1 --split s", "'forget' is not compatible with: 'split'")]
    public void MistakesAreSaidInALineAndNotInAScreenOfHelp(string line, params string[] words)
    {
        var said = Said.By(line.Split(' '));
        said.Refuses(2, words);
        Assert.True(said.Error.Split('\n').Length <= 6, said.Error);
    }

    /// <summary>OUT stands for a folder that is not there, and must not be there afterwards.</summary>
    [Theory]
    [InlineData("evaluate --checkpoint c", "--forget WORDS or --split FOLDER")]
    [InlineData("demo --class 10", "--class is 10", "0 to 9")]
    [InlineData("demo --class -1", "--class is -1")]
    [InlineData("demo --instances 0", "--instances is 0", "at least 1")]
    [InlineData("train --out OUT --data /nowhere/at/all", "'/nowhere/at/all' is no data", "fashion-mnist-6k (bundled)", "folder of IDX files")]
    [InlineData("train --out OUT --crop 4 --random-resized-crop 0.08", "random crop", "exclude each other")]
    [InlineData("train --out OUT --random-resized-crop 1.5", "1.5", "above 0 up to 1")]
    [InlineData("train --out OUT --mean 0.5", "--mean and --std belong together")]
    [InlineData("train --out OUT --mean 0.5,0.5 --std 1,1", "1 channel(s)", "2 mean(s)")]
    [InlineData("train --out OUT --std 0 --mean 0", "every deviation positive")]
    [InlineData("train --out OUT --arch vgg16", "no architecture 'vgg16'", "resnet20")]
    [InlineData("train --out OUT --form cifar", "cnn-s has one form only", "--form")]
    [InlineData("train --out OUT --form tall", "Option 'form'")]
    [InlineData("train --out OUT --arch resnet18 --patch 4", "resnet18 does not cut images into patches", "--patch")]
    [InlineData("train --out OUT --arch vit_tiny --patch 3", "28x28", "patches of 3x3")]
    [InlineData("train --out OUT --arch vgg16_bn", "at least 32x32")]
    [InlineData("train --out OUT --classes 9", "--classes is 9", "has 10 classes")]
    [InlineData("models --arch resnet21", "no architecture 'resnet21'")]
    [InlineData("models --size 64", "--size is '64'", "64x64")]
    [InlineData("models --arch resnet20 --form cifar", "resnet20 has one form only")]
    [InlineData("train --out OUT --epochs 0", "Epochs is 0", "at least 1")]
    [InlineData("train --out OUT --batch 1", "BatchSize is 1", "at least 2")]
    [InlineData("train --out OUT --lr NaN", "LearningRate is NaN", "positive")]
    [InlineData("train --out OUT --crop -1", "CropPadding is -1")]
    [InlineData("train --out OUT --device gpu", "--device is 'gpu'", "cpu, cuda or cuda:N")]
    [InlineData("train --out OUT --device cuda:x", "--device is 'cuda:x'")]
    [InlineData("kernels --check --emit-ptx OUT", "--check", "--emit-ptx")]
    [InlineData("kernels --emit-ptx OUT --arch 90", "'90' is no CUDA architecture", "sm_90")]
    [InlineData("doctor --threads 0", "--threads is 0")]
    [InlineData("unlearn forget-vector --checkpoint c --out OUT --forget class", "'class' names no forget set", "random:16")]
    [InlineData("unlearn mu-mis --checkpoint c --out OUT --forget random:-3", "'random:-3' names no forget set")]
    [InlineData("unlearn mu-mis --checkpoint c --out OUT --forget random:ten%", "names no forget set")]
    [InlineData("unlearn mu-mis --checkpoint c --out OUT --forget indices:", "names no forget set")]
    [InlineData("unlearn mu-mis --checkpoint c --out OUT --forget class:1 --delta 0", "Delta is 0", "positive")]
    [InlineData("unlearn forget-vector --checkpoint c --out OUT --forget class:1 --epochs 0", "Epochs is 0")]
    [InlineData("unlearn retrain --checkpoint c --out OUT --forget class:1 --oracle o", "leave --oracle out")]
    public void SensesThatMakeNoneAreExplained(string line, params string[] words)
    {
        using var folder = new TemporaryFolder();
        Said.By(line.Replace("OUT", folder.File("run")).Split(' ')).Refuses(2, words);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void CudaThatIsNotThereIsSaid()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "this machine has a CUDA device");
        Said.By("train", "--out", "run", "--device", "cuda").Refuses(1, "no CUDA device", "lacuna doctor");
    }

    [Fact]
    public void WhatNobodyForesawIsStillALineAndNotAStackTrace()
    {
        using var error = new StringWriter();
        var code = new Lacuna.Cli.Application(new Broken(), error, TimeProvider.System).Run(["--version"], CancellationToken.None);
        Assert.Equal(1, code);
        Assert.StartsWith("error: on purpose", error.ToString());
        Assert.Contains("KeyNotFoundException", error.ToString());
        Assert.Contains("LACUNA_TRACE=1", error.ToString());
        Assert.DoesNotContain("   at ", error.ToString());
    }

    private sealed class Broken : StringWriter
    {
        public override void WriteLine(string? value) => throw new KeyNotFoundException("on purpose");
    }

    /// <summary>Records write fisher-per-sample; what is read there may be written here.</summary>
    [Theory]
    [InlineData("fisher-per-sample", 1, "nowhere.safetensors")]
    [InlineData("FisherPerSample", 1, "nowhere.safetensors")]
    [InlineData("fisher-per-batch", 2, "importance")]
    public void ChoicesAreTakenAsRecordsNameThem(string importance, int code, string word) =>
        Said.By("unlearn", "instance-wise", "--importance", importance, "--checkpoint", "nowhere.safetensors", "--forget", "class:1", "--out", "nowhere").Refuses(code, word);
}
