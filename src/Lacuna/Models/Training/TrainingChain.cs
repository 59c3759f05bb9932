using Lacuna.Models.Frozen;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>Stages one after another. What is only on the way between two of them is let go of at once.</summary>
internal sealed class TrainingChain(IReadOnlyList<TrainingStage> stages) : TrainingStage
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, TrainingTape tape) => Along(input, (stage, tensor) => stage.Forward(tensor, tape));

    /// <summary>As <see cref="Forward(Tensor, TrainingTape)"/>; the last stage is a layer, and does this to what leaves it.</summary>
    public Tensor Forward(Tensor input, Finish finish, TrainingTape tape) =>
        Along(input, (stage, tensor) => stage == stages[^1] ? ((TrainingLayer)stage).Forward(tensor, finish, tape) : stage.Forward(tensor, tape));

    /// <inheritdoc/>
    public override Finish Gate(TrainingTape tape) => stages[^1].Gate(tape);

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, TrainingTape tape)
    {
        var flow = gradient;
        for (var i = stages.Count - 1; i >= 0; i--)
        {
            var before = flow;
            using (NewDisposeScope())
            {
                var after = stages[i].Back(before, i == 0 ? finish : stages[i - 1].Gate(tape), tape);
                // Behind the first layer there is none.
                flow = new(after.Main?.MoveToOuterDisposeScope()!, after.Addend?.MoveToOuterDisposeScope(), after.IsFinished);
            }
            if (i == stages.Count - 1) continue;
            before.Main.Dispose();
            before.Addend?.Dispose();
        }
        return flow;
    }

    private Tensor Along(Tensor start, Func<TrainingStage, Tensor, Tensor> pass)
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
