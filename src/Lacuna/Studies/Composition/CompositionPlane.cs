using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Composition;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Studies.Composition;

/// <summary>What a network does under w_1 delta_1 + w_2 delta_2, for every point of a square of coefficients.</summary>
/// <param name="Axis">Values of either coefficient, ascending.</param>
/// <param name="Unlearning">UA in percent over all forget images, [w_2][w_1].</param>
/// <param name="Retain">RA in percent over the retain images looked at.</param>
/// <param name="Loss">The method's loss: see <see cref="Of"/>.</param>
internal sealed record CompositionPlane(IReadOnlyList<double> Axis, double[][] Unlearning, double[][] Retain, double[][] Loss)
{
    // Images a forward pass; each batch is assembled once and shown to the network at every point of the plane.
    private const int BatchSize = 500;

    /// <summary>
    /// Looks at every point. The loss is what the method's batches have on average: alpha times CE over the retain images looked at, weighted by the retain
    /// images' share of the training set, plus beta times the hinge over the forget images, weighted by theirs, plus lambda ||w||_2.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="set">Training images.</param>
    /// <param name="split">What is to be forgotten.</param>
    /// <param name="retain">Rows of the retain images that are looked at.</param>
    /// <param name="first">Of the columns' coefficient.</param>
    /// <param name="second">Of the rows' coefficient.</param>
    /// <param name="axis">Values of either coefficient, ascending.</param>
    /// <param name="options">Weights of the loss.</param>
    /// <param name="compute">Where the model lives, and the kernels there.</param>
    /// <param name="done">Told of the share that is done, now and then.</param>
    /// <param name="cancellation">Checked at every point.</param>
    public static CompositionPlane Of(Classifier model, ImageSet set, ForgetSplit split, ReadOnlySpan<int> retain, StoredForgetVector first, StoredForgetVector second,
        IReadOnlyList<double> axis, CompositionOptions options, Compute compute, Action<double> done, CancellationToken cancellation)
    {
        var forget = split.Forget.ToArray().ToHashSet();
        var (forgetCount, retainCount, side) = (split.Forget.Length, retain.Length, axis.Count);
        using var scope = NewDisposeScope();
        using var frozen = new FrozenWeights(model);
        using var _ = no_grad();
        var channelsLast = model.TakesChannelsLastOn(compute.Device);
        var deltas = stack([first.On(compute.Device), second.On(compute.Device)]);
        if (channelsLast) deltas = deltas.permute(0, 2, 3, 1).contiguous();
        // Of every point: forget images predicted right, retain images predicted right, sum of the hinge, sum of the cross-entropy.
        var sums = zeros([side * side, 4], dtype: ScalarType.Float64, device: compute.Device);
        var source = new BatchSource(set, [.. split.Forget, .. retain], compute, channelsLast: channelsLast);
        var (batches, batchNumber) = (source.BatchesFor(BatchSize), 0);
        foreach (var batch in source.InOrder(BatchSize))
        {
            using var all = NewDisposeScope();
            using (batch)
            {
                var isForget = tensor(batch.Rows.Select(forget.Contains).ToArray()).to(compute.Device);
                var images = channelsLast ? batch.Images.permute(0, 2, 3, 1) : batch.Images;
                for (var point = 0; point < side * side; point++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var inner = NewDisposeScope();
                    var weights = tensor(new[] { (float)axis[point % side], (float)axis[point / side] }).to(compute.Device);
                    var shown = compute.Kernels.ApplyForgetVectors(images, deltas, weights);
                    var logits = model.call(channelsLast ? shown.permute(0, 3, 1, 2) : shown);
                    var right = logits.argmax(1).eq(batch.Labels);
                    var loss = ForgetVectorLoss.Of(logits, batch.Labels, isForget, options.Tau);
                    var rows = batch.Rows.Count;
                    sums[point].add_(stack([
                        right.logical_and(isForget).sum().to(ScalarType.Float64), right.logical_and(isForget.logical_not()).sum().to(ScalarType.Float64),
                        loss.Forget.to(ScalarType.Float64) * rows, loss.Retain.to(ScalarType.Float64) * rows,
                    ]));
                    if (point % side == 0) done((batchNumber + (double)point / (side * side)) / batches);
                }
                batchNumber++;
            }
        }
        var values = sums.cpu().data<double>().ToArray();
        // The part of the training set that the split divides; with earlier requests that is not all of it.
        double whole = split.Forget.Length + split.Retain.Length;
        return new(axis,
            Map((v, _) => 100 - 100 * v[0] / forgetCount),
            Map((v, _) => 100 * v[1] / retainCount),
            Map((v, w) => options.Beta * v[2] / whole + options.Alpha * v[3] / retainCount * split.Retain.Length / whole + options.Lambda * Math.Sqrt(w.First * w.First + w.Second * w.Second)));

        double[][] Map(Func<double[], (double First, double Second), double> value) =>
            [.. Enumerable.Range(0, side).Select(r => Enumerable.Range(0, side).Select(c => value(values[(4 * (r * side + c))..(4 * (r * side + c) + 4)], (axis[c], axis[r]))).ToArray())];
    }

    /// <summary>One of the three maps as a heat map, the second coefficient growing upwards.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="values">[w_2][w_1].</param>
    /// <param name="valueLabel">What a value is.</param>
    /// <param name="names">Names of both coefficients.</param>
    /// <param name="chosen">The coefficients that were found.</param>
    public GridPanel Panel(string title, double[][] values, string valueLabel, (string First, string Second) names, (double First, double Second) chosen)
    {
        var step = Axis[1] - Axis[0];
        var inside = Math.Max(Math.Abs(chosen.First), Math.Abs(chosen.Second)) <= Axis[^1];
        string[] labels = [.. Axis.Select(w => FormattableString.Invariant($"{w:0.###}"))];
        return new(title, $"coefficient of {names.First}", labels, $"coefficient of {names.Second}", [.. labels.Reverse()], [.. values.Reverse()], valueLabel,
            Chosen: inside ? new GridPoint((Axis[^1] - chosen.Second) / step, (chosen.First - Axis[0]) / step, FormattableString.Invariant($"found: {chosen.First:0.00}, {chosen.Second:0.00}")) : null);
    }
}
