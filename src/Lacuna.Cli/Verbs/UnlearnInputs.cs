using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Numerics;

namespace Lacuna.Cli.Verbs;

/// <summary>What a method is run on.</summary>
/// <param name="Method">The method with its options.</param>
/// <param name="Compute">Where.</param>
/// <param name="Train">Training images.</param>
/// <param name="Test">Test images.</param>
/// <param name="Source">What the data was.</param>
/// <param name="Original">The trained network.</param>
/// <param name="Passes">How it is gone through.</param>
/// <param name="Oracle">A retrained one, or null.</param>
/// <param name="Draws">All random numbers.</param>
/// <param name="Split">What is forgotten.</param>
internal sealed record UnlearnInputs(IUnlearningMethod Method, Compute Compute, ImageSet Train, ImageSet Test, DataSource Source, Classifier Original, PassPlan Passes, Classifier? Oracle, DrawSource Draws, ForgetSplit Split) : IDisposable
{
    /// <summary>Of the result table.</summary>
    public string Title => $"Forget {Split.Spec}: {Split.Forget.Length} of {Train.Count} images";

    /// <inheritdoc/>
    public void Dispose()
    {
        Original.Dispose();
        Oracle?.Dispose();
    }
}
