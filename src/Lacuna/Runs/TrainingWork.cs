using Lacuna.Data;
using Lacuna.Methods.Training;
using Lacuna.Models;

namespace Lacuna.Runs;

/// <summary>A training from new weights: everything that the network depends on. An original is trained on all images of a set, an oracle on those that are retained.</summary>
/// <param name="Data">The training set's <see cref="ImageSet.ContentHash"/>.</param>
/// <param name="Height">Height at which networks are given the images.</param>
/// <param name="Width">Width at which networks are given the images.</param>
/// <param name="Rows">Hash of the images' indices.</param>
/// <param name="Images">How many these are, for people.</param>
/// <param name="Architecture">The network's name.</param>
/// <param name="Model">What it is built for, form and patch named.</param>
/// <param name="Recipe">How it is trained.</param>
/// <param name="Seed">Of weights, order and augmentation.</param>
/// <param name="Code">Which code trains it.</param>
public sealed record TrainingWork(string Data, int Height, int Width, string Rows, int Images, string Architecture, ModelOptions Model, TrainingOptions Recipe, ulong Seed, CodeVersion Code)
{
    /// <summary>Describes a training.</summary>
    public static TrainingWork Of(ImageSet train, ReadOnlySpan<int> rows, string architecture, ModelOptions model, TrainingOptions recipe, ulong seed) => new(
        train.ContentHash, train.Height, train.Width, WorkKey.OfRows(rows), rows.Length, architecture, ModelZoo.Find(architecture).Resolve(model), recipe, seed, CodeVersion.Current);

    /// <summary>The address.</summary>
    public string Key() => WorkKey.Of(this);
}
