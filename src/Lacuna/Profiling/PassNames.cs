namespace Lacuna.Profiling;

/// <summary>The passes through a network, and what each costs.</summary>
public static class PassNames
{
    /// <summary>Logits of images.</summary>
    public const string Forward = "forward";

    /// <summary>Back to the images; no weight's gradient.</summary>
    public const string InputGradient = "input gradient";

    /// <summary>Directional derivative.</summary>
    public const string Tangent = "tangent";

    /// <summary>Gradients of weights as products of tangents and adjoints.</summary>
    public const string WeightProduct = "weight product";

    /// <summary>Gradients of the weights, back through the activations.</summary>
    public const string TrainingBackward = "training backward";

    /// <summary>Gradients of the weights of something that is itself a gradient.</summary>
    public const string DoubleBackward = "double backward";

    /// <summary>Multiply-adds an image, as a multiple of the forward pass's; null where they depend on how the tensor library goes about it.</summary>
    public static double? Forwards(string pass) => pass switch
    {
        Forward or InputGradient or Tangent or WeightProduct => 1,
        TrainingBackward => 2,
        _ => null,
    };
}
