namespace TorchSharp.Modules;

/// <summary>Settings that Adam and AdamW share; null means the optimiser's own.</summary>
public abstract class AdamOptions : OptimizerOptions
{
    /// <summary>How much of the gradient's running mean stays.</summary>
    public double? beta1;

    /// <summary>How much of the squared gradient's running mean stays.</summary>
    public double? beta2;

    /// <summary>Added to the deviation that the step is divided by.</summary>
    public double? eps;

    /// <summary>Adam: how much of the parameter is added to the gradient. AdamW: how much of it each unit of learning rate takes away.</summary>
    public double? weight_decay;

    /// <summary>Whether the largest squared gradient so far stands in for the running one.</summary>
    public bool? amsgrad;

    /// <summary>Whether to climb instead.</summary>
    public bool? maximize;

    /// <inheritdoc/>
    public override void SaveStateDict(BinaryWriter writer)
    {
        base.SaveStateDict(writer);
        writer.Write(beta1.GetValueOrDefault());
        writer.Write(beta2.GetValueOrDefault());
        writer.Write(eps.GetValueOrDefault());
        writer.Write(weight_decay.GetValueOrDefault());
        writer.Write(amsgrad == true);
        writer.Write(maximize == true);
    }

    /// <inheritdoc/>
    public override void LoadStateDict(BinaryReader reader)
    {
        base.LoadStateDict(reader);
        beta1 = reader.ReadDouble();
        beta2 = reader.ReadDouble();
        eps = reader.ReadDouble();
        weight_decay = reader.ReadDouble();
        amsgrad = reader.ReadBoolean();
        maximize = reader.ReadBoolean();
    }

    internal override void FillFrom(OptimizerOptions defaults)
    {
        base.FillFrom(defaults);
        var own = (AdamOptions)defaults;
        beta1 ??= own.beta1;
        beta2 ??= own.beta2;
        eps ??= own.eps;
        weight_decay ??= own.weight_decay;
        amsgrad ??= own.amsgrad;
        maximize ??= own.maximize;
    }

    /// <summary>Options with every setting given.</summary>
    internal static TOptions Of<TOptions>(
        double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
        where TOptions : AdamOptions, new()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lr);
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
        ArgumentOutOfRangeException.ThrowIfNegative(beta1);
        ArgumentOutOfRangeException.ThrowIfNegative(beta2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta1, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta2, 1);
        return new TOptions
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
    }
}
