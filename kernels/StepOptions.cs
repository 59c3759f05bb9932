namespace Lacuna.Kernels;

/// <summary>What an optimiser step does beyond the plain rule, and which of its optional fields are there to be read.</summary>
[Flags]
public enum StepOptions
{
    /// <summary>The plain rule.</summary>
    None = 0,
    /// <summary>SGD: the momentum buffer holds nothing yet and becomes the gradient itself.</summary>
    FirstStep = 1,
    /// <summary>SGD: the step looks ahead along the momentum.</summary>
    Nesterov = 2,
    /// <summary>lambda * hold * (p - start) joins the gradient; the fields start and hold are there.</summary>
    Pull = 4,
    /// <summary>Where the mask is 0, weight and running values stay as they are, bit for bit; the field mask is there, of zeros and ones.</summary>
    Mask = 8,
    /// <summary>The pull's value before the step is asked for.</summary>
    PullValue = 16,
    /// <summary>Adam: weight decay shrinks the weight instead of joining the gradient (AdamW).</summary>
    DecoupledDecay = 32,
}
