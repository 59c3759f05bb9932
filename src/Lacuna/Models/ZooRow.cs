using Lacuna.Models.Frozen;

namespace Lacuna.Models;

/// <summary>An architecture in one setting.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">The form, where it has two.</param>
/// <param name="Patch">Side of the patches, where it has some.</param>
/// <param name="Classes">Number of logits.</param>
/// <param name="Channels">Channels of the images.</param>
/// <param name="Height">Height of the images in pixels.</param>
/// <param name="Width">Width of the images in pixels.</param>
/// <param name="Parameters">Numbers that training changes.</param>
/// <param name="MultiplyAdds">For one image; see <see cref="MultiplyAddCount"/>.</param>
/// <param name="Compiled">Whether it has a compiled form; see <see cref="PassPlan"/>.</param>
/// <param name="Accepts">The images it takes.</param>
/// <param name="About">What it is.</param>
public sealed record ZooRow(string Name, Form? Form, int? Patch, int Classes, int Channels, int Height, int Width, long Parameters, long MultiplyAdds, bool Compiled, string Accepts, string About)
{
    /// <summary>Builds the network, counts, and lets it go.</summary>
    /// <exception cref="ArgumentException">The architecture does not take these options.</exception>
    public static ZooRow Of(ZooEntry entry, ModelOptions options)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var model = ModelZoo.Create(entry.Name, options, seed: 0);
        var built = model.Options;
        return new(entry.Name, built.Form, built.Patch, built.Classes, built.Channels, built.Height, built.Width,
            model.TrainableParameters().Sum(p => p.Value.numel()), MultiplyAddCount.Of(model, built.Height, built.Width), FrozenNetwork.ChainOf(model) is not null, entry.Accepts, entry.About);
    }
}
