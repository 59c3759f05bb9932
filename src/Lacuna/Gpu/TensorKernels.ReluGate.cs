using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    private const int GatedElementsAThread = 4;

    /// <summary>
    /// ReLU (or ReLU6) in place after an optional shortcut: y = min(max(y + s, 0), ceiling). Unlike the other operations this takes any tensors without gaps whose elements lie in
    /// one order, channels-last too. No gradient is recorded.
    /// </summary>
    /// <param name="output">y, changed in place.</param>
    /// <param name="shortcut">s, of the same shape and order; null for none.</param>
    /// <param name="ceiling">Infinity for ReLU, 6 for ReLU6.</param>
    public void ReluInPlace(Tensor output, Tensor? shortcut, float ceiling = float.PositiveInfinity)
    {
        using var timed = Timed(nameof(ReluInPlace));
        using var grad = no_grad();
        var way = WayFor(output);
        if (way == Way.Operators)
        {
            // Through another handle: autograd must not see the change, on which no gradient that is asked for depends.
            using var plain = output.detach();
            if (shortcut is not null) plain.add_(shortcut);
            if (float.IsPositiveInfinity(ceiling)) plain.clamp_min_(0);
            else plain.clamp_(0, ceiling);
            return;
        }
        using var scope = NewDisposeScope();
        var (y, s) = (InOneOrder(output, nameof(output), nameof(ReluInPlace)), shortcut is null ? null : InOrderOf(shortcut, output, nameof(shortcut), nameof(ReluInPlace)));
        if (way == Way.Cpu) ReluGate.ForwardCpu(Floats(y), s is null ? null : Floats(s), y.numel(), ceiling);
        else Launch("ReluGate.ForwardKernel", y, LaunchSize.ForElements(y.numel(), 256 * GatedElementsAThread), View(y), ViewOrNone(s), ceiling);
    }

    /// <summary>
    /// A gradient or tangent behind a ReLU (or ReLU6), in place, after an optional second path is added: g = g + s where 0 &lt; h &lt; ceiling, otherwise 0.
    /// </summary>
    /// <param name="gradient">g, changed in place.</param>
    /// <param name="addend">s, of the same shape and order; null for none.</param>
    /// <param name="activation">h, what the ReLU gave, of the same shape and order.</param>
    /// <param name="ceiling">Infinity for ReLU, 6 for ReLU6.</param>
    public void GateInPlace(Tensor gradient, Tensor? addend, Tensor activation, float ceiling = float.PositiveInfinity)
    {
        using var timed = Timed(nameof(GateInPlace));
        using var grad = no_grad();
        var way = WayFor(gradient);
        using var scope = NewDisposeScope();
        if (way == Way.Operators)
        {
            if (addend is not null) gradient.add_(addend);
            using var h = activation.detach();
            gradient.masked_fill_(h.gt(0).logical_and(h.lt(ceiling)).logical_not(), 0);
            return;
        }
        var g = InOneOrder(gradient, nameof(gradient), nameof(GateInPlace));
        var activationOfG = InOrderOf(activation, gradient, nameof(activation), nameof(GateInPlace));
        var s = addend is null ? null : InOrderOf(addend, gradient, nameof(addend), nameof(GateInPlace));
        if (way == Way.Cpu) ReluGate.GateCpu(Floats(g), s is null ? null : Floats(s), Floats(activationOfG), g.numel(), ceiling);
        else Launch("ReluGate.GateKernel", g, LaunchSize.ForElements(g.numel(), 256 * GatedElementsAThread), View(g), ViewOrNone(s), View(activationOfG), ceiling);
    }

    /// <summary>The tensor itself, or [N, H, W, C] of one that is channels-last: as which it is contiguous.</summary>
    private static Tensor InOneOrder(Tensor tensor, string name, string operation)
    {
        if (tensor.is_contiguous()) return tensor;
        if (tensor.dim() == 4)
        {
            var turned = tensor.permute(0, 2, 3, 1);
            if (turned.is_contiguous()) return turned;
        }
        throw new ArgumentException($"{operation}: '{name}' {Require.Shape(tensor)} has gaps in memory. Take .contiguous() of it first.", name);
    }

    /// <summary>Another tensor in the memory order of the first; copied where its own is another.</summary>
    private static Tensor InOrderOf(Tensor tensor, Tensor leader, string name, string operation)
    {
        Require.Alike(tensor, name, leader, operation);
        Require.Shaped(tensor, name, operation, leader.shape);
        return leader.is_contiguous() ? tensor.contiguous() : tensor.permute(0, 2, 3, 1).contiguous();
    }
}
