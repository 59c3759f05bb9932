namespace Lacuna.Tests.Cli;

/// <summary>A tiny set on disk and a network trained on it by the command line, made once for all tests of a class.</summary>
public sealed class TrainedOnce : IDisposable
{
    /// <summary>A seed other than the default, so that a default that slips in shows.</summary>
    public const string Seed = "5";

    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public TrainedOnce()
    {
        Data = TinySet.Write(_folder, "tiny");
        Folder = _folder.File("trained");
        Training = Said.By("train", "--data", Data, "--out", Folder, "--epochs", "3", "--batch", "20", "--seed", Seed).Expect(0);
    }

    /// <summary>Folder of the IDX files: 60 training and 30 test images of three classes.</summary>
    public string Data { get; }

    /// <summary>The training's run directory.</summary>
    public string Folder { get; }

    /// <summary>What the training said.</summary>
    internal Said Training { get; }

    /// <summary>The trained network.</summary>
    public string Checkpoint => Path.Combine(Folder, "model.safetensors");

    /// <summary>A path for one more run; nothing is there yet.</summary>
    public string NewFolder() => _folder.File($"run{Interlocked.Increment(ref _runs)}");

    /// <summary>Runs a method on the trained network; options that are given again win nothing, so give each once.</summary>
    internal Said Unlearn(string method, string folder, params string[] more) =>
        Said.By(["unlearn", method, "--data", Data, "--checkpoint", Checkpoint, "--seed", Seed, "--out", folder, .. more]);

    /// <summary>Measures a checkpoint, as JSON.</summary>
    internal Said Evaluate(string checkpoint, params string[] more) => Said.By(["evaluate", "--data", Data, "--json", "--checkpoint", checkpoint, .. more]);

    public void Dispose() => _folder.Dispose();
}
