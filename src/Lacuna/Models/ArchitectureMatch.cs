using System.Text.Json.Serialization;

namespace Lacuna.Models;

/// <summary>How well a network of the zoo fits a file.</summary>
/// <param name="Architecture">Its name in the zoo.</param>
/// <param name="Options">What it would be built for: classes, channels and whatever else the shapes say; image size and normalisation are the usual ones where they do not.</param>
/// <param name="Fit">What fits and what does not.</param>
public sealed record ArchitectureMatch(string Architecture, ModelOptions Options, [property: JsonIgnore] StateDictFit Fit)
{
    /// <summary>Whether every tensor has its place and its shape.</summary>
    public bool Fits => Fit.Fits;

    /// <summary>Tensors of name and shape in common.</summary>
    public int Matching => Fit.Matching;

    /// <summary>Tensors that the file lacks.</summary>
    public int Missing => Fit.Missing;

    /// <summary>Tensors of another shape.</summary>
    public int Misshapen => Fit.Misshapen;

    /// <summary>Tensors that the network lacks.</summary>
    public int Unexpected => Fit.Unexpected;

    /// <summary>The options in words.</summary>
    [JsonIgnore]
    public string Setting => ModelFile.Setting(Options);
}
