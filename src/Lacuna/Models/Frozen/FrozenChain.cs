using Lacuna.Models.Training;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>Stages one after another. What is only on the way between two of them is let go of at once.</summary>
internal sealed class FrozenChain(IReadOnlyList<FrozenStage> stages) : FrozenStage
{
    /// <inheritdoc/>
    public override IEnumerable<FrozenLayer> Layers => stages.SelectMany(stage => stage.Layers);

    /// <summary>What it is made of, for people.</summary>
    public string Contents
    {
        get
        {
            FrozenConvolution[] convolutions = [.. Layers.OfType<FrozenConvolution>()];
            return $"{convolutions.Length} convolutions, {convolutions.Count(layer => layer.HasNorm)} batch norms folded";
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape) => Along(input, (stage, tensor) => stage.Forward(tensor, tape));

    /// <summary>As <see cref="Forward(Tensor, FrozenTape)"/>; the last stage is a layer, and does this to what leaves it.</summary>
    public Tensor Forward(Tensor input, Finish finish, FrozenTape tape) =>
        Along(input, (stage, tensor) => stage == stages[^1] ? ((FrozenLayer)stage).Forward(tensor, finish, tape) : stage.Forward(tensor, tape));

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape) => Along(tangent, (stage, tensor) => stage.Tangent(tensor, tape));

    /// <summary>As <see cref="Tangent(Tensor, FrozenTape)"/>; the last stage is a layer, and does this to what leaves it.</summary>
    public Tensor Tangent(Tensor tangent, Finish finish, FrozenTape tape) =>
        Along(tangent, (stage, tensor) => stage == stages[^1] ? ((FrozenLayer)stage).Tangent(tensor, finish, tape) : stage.Tangent(tensor, tape));

    /// <inheritdoc/>
    public override Finish Gate(FrozenTape tape) => stages[^1].Gate(tape);

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, FrozenTape tape)
    {
        var flow = gradient;
        for (var i = stages.Count - 1; i >= 0; i--)
        {
            var before = flow;
            using (NewDisposeScope())
            {
                var after = stages[i].Back(before, i == 0 ? finish : stages[i - 1].Gate(tape), tape);
                flow = new(after.Main.MoveToOuterDisposeScope(), after.Addend?.MoveToOuterDisposeScope(), after.IsFinished);
            }
            if (i == stages.Count - 1) continue;
            before.Main.Dispose();
            before.Addend?.Dispose();
        }
        return flow;
    }

    /// <inheritdoc/>
    public override void Fold()
    {
        foreach (var stage in stages) stage.Fold();
    }

    /// <inheritdoc/>
    public override TrainingStage InTraining() => ForTraining();

    /// <summary>As <see cref="InTraining"/>.</summary>
    public TrainingChain ForTraining() => new([.. stages.Select(stage => stage.InTraining())]);

    private Tensor Along(Tensor start, Func<FrozenStage, Tensor, Tensor> pass)
    {
        var current = start;
        foreach (var stage in stages)
        {
            Tensor next;
            using (NewDisposeScope()) next = pass(stage, current).MoveToOuterDisposeScope();
            if (!ReferenceEquals(current, start)) current.Dispose();
            current = next;
        }
        return current;
    }
}
