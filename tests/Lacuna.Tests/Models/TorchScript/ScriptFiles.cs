using Lacuna.Models;
using Lacuna.Models.TorchScript;

namespace Lacuna.Tests.Models.TorchScript;

/// <summary>The files that make_torchscript.py wrote, and networks loaded from them.</summary>
internal static class ScriptFiles
{
    /// <summary>Writes a file into a folder and returns its path.</summary>
    public static string Write(TemporaryFolder folder, string name)
    {
        using var stream = typeof(ScriptFiles).Assembly.GetManifestResourceStream("TorchScript." + name)
            ?? throw new InvalidOperationException($"{name} is not embedded in the test assembly.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return folder.Write(name, memory.ToArray());
    }

    /// <summary>Loads one for 8x8 grey images of three classes, with a normalisation or none.</summary>
    public static ScriptedClassifier Load(TemporaryFolder folder, string name, Normalisation? normalisation = null, Action<string>? warn = null) =>
        (ScriptedClassifier)ModelFile.Load(Write(folder, name), null, Methods.Tiny.Grey(3), warn ?? (_ => { }), new ScriptTerms(normalisation));

    /// <summary>The scripted twin of the zoo's cnn-s, with the weights of a network of that architecture.</summary>
    public static ScriptedClassifier Twin(Classifier original)
    {
        using var folder = new TemporaryFolder();
        var twin = Load(folder, "cnn-s.pt", original.Options.Normalisation);
        ModelZoo.CopyState(original, twin);
        return twin;
    }
}
