using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    private const int PixelsAThread = 4;

    /// <summary>
    /// One step of projected gradient descent in the L2 ball, in place in <paramref name="delta"/>, for every sample n by itself:
    /// d -= stepSize * g / max(||g||, 1e-6), then x + d is clamped to [0,1], then d *= min(1, epsilon / max(||d||, 1e-6)).
    /// </summary>
    /// <param name="images">x [N, …] in [0,1].</param>
    /// <param name="gradient">g, of the same shape.</param>
    /// <param name="delta">d, of the same shape.</param>
    /// <param name="stepSize">Length of the step.</param>
    /// <param name="epsilon">Radius of the ball.</param>
    public void StepInL2Ball(Tensor images, Tensor gradient, Tensor delta, double stepSize, double epsilon)
    {
        using var timed = Timed(nameof(StepInL2Ball));
        RequireStep(images, gradient, delta, nameof(delta), nameof(StepInL2Ball));
        var (samples, elements) = Rows(images);
        switch (WayFor(images))
        {
            case Way.Cpu:
                L2PgdStep.Cpu(Floats(images), Floats(gradient), Floats(delta), samples, elements, (float)stepSize, (float)epsilon);
                break;
            case Way.Launch:
                Launch("L2PgdStep.Kernel", images, LaunchSize.For(samples), View(images), View(gradient), View(delta), samples, elements, stepSize, epsilon,
                    elements % 4 == 0 ? Wide(images, gradient, delta) : 0);
                break;
            default:
                using (NewDisposeScope())
                {
                    delta.sub_(gradient * (stepSize / RowNorms(gradient)));
                    delta.copy_((images + delta).clamp(0, 1) - images);
                    delta.mul_((epsilon / RowNorms(delta)).clamp_max(1));
                }
                break;
        }
    }

    /// <summary>
    /// One step of projected gradient ascent in the L-infinity ball around <paramref name="images"/>, in place in <paramref name="adversarial"/>:
    /// x' = clamp(x + clip(x' + stepSize * sign(g) - x, ±epsilon), 0, 1).
    /// </summary>
    /// <param name="images">x, any shape, in [0,1].</param>
    /// <param name="gradient">g, of the same shape.</param>
    /// <param name="adversarial">x', of the same shape.</param>
    /// <param name="stepSize">Step in units of [0,1].</param>
    /// <param name="epsilon">Radius in units of [0,1].</param>
    public void StepInLinfBall(Tensor images, Tensor gradient, Tensor adversarial, double stepSize, double epsilon)
    {
        using var timed = Timed(nameof(StepInLinfBall));
        RequireStep(images, gradient, adversarial, nameof(adversarial), nameof(StepInLinfBall));
        switch (WayFor(images))
        {
            case Way.Cpu:
                LinfPgdStep.Cpu(Floats(images), Floats(gradient), Floats(adversarial), images.numel(), (float)stepSize, (float)epsilon);
                break;
            case Way.Launch:
                Launch("LinfPgdStep.Kernel", images, LaunchSize.ForElements(images.numel(), 256 * PixelsAThread), View(images), View(gradient), View(adversarial),
                    stepSize, epsilon, Wide(images, gradient, adversarial));
                break;
            default:
                using (NewDisposeScope())
                    adversarial.copy_((images + (adversarial + gradient.sign() * stepSize - images).clamp(-epsilon, epsilon)).clamp(0, 1));
                break;
        }
    }

    /// <summary>
    /// Random start in the L2 ball: uniform pixels minus the image, projected on the ball, x + d clamped to [0,1]; of the images' shape. Row n draws as
    /// row <paramref name="firstRow"/> + n of <see cref="DrawSource.FillUniform"/>, so that every way draws the same.
    /// </summary>
    /// <param name="images">x [N, …] in [0,1].</param>
    /// <param name="epsilon">Radius of the ball.</param>
    /// <param name="draws">Where the pixels come from.</param>
    /// <param name="firstRow">Row of the first image.</param>
    public Tensor StartInL2Ball(Tensor images, double epsilon, DrawSource draws, int firstRow)
    {
        using var timed = Timed(nameof(StartInL2Ball));
        Require.Floats(images, nameof(images), nameof(StartInL2Ball));
        var way = WayFor(images);
        if (way == Way.Operators) return StartByOperators(images, epsilon, draws, firstRow);
        var (samples, elements) = Rows(images);
        const int purpose = (int)DrawPurpose.AttackStart;
        var delta = empty_like(images);
        if (way == Way.Cpu) L2PgdStart.Cpu(Floats(images), Floats(delta), samples, elements, (float)epsilon, draws.Seed, purpose, firstRow);
        else Launch("L2PgdStart.Kernel", images, LaunchSize.For(samples), View(images), View(delta), samples, elements, epsilon, (long)draws.Seed, purpose, firstRow,
            elements % 4 == 0 ? Wide(images, delta) : 0);
        return delta;
    }

    private static Tensor StartByOperators(Tensor images, double epsilon, DrawSource draws, int firstRow)
    {
        using var scope = NewDisposeScope();
        var (samples, elements) = Rows(images);
        var uniform = new float[images.numel()];
        for (var row = 0; row < samples; row++)
            draws.FillUniform(uniform.AsSpan(row * (int)elements, (int)elements), DrawPurpose.AttackStart, 0, firstRow + row);
        var start = tensor(uniform, images.shape).to(images.dtype).to(images.device) - images;
        start.mul_((epsilon / RowNorms(start)).clamp_max(1));
        return ((images + start).clamp(0, 1) - images).MoveToOuterDisposeScope();
    }

    private static (long Samples, long Elements) Rows(Tensor tensor)
    {
        var samples = tensor.size(0);
        return (samples, samples == 0 ? 0 : tensor.numel() / samples);
    }

    private static void RequireStep(Tensor images, Tensor gradient, Tensor moved, string name, string operation)
    {
        Require.Floats(images, nameof(images), operation);
        Require.Floats(gradient, nameof(gradient), operation);
        Require.Floats(moved, name, operation);
        Require.Alike(gradient, nameof(gradient), images, operation);
        Require.Alike(moved, name, images, operation);
        Require.Shaped(gradient, nameof(gradient), operation, images.shape);
        Require.Shaped(moved, name, operation, images.shape);
        Require.Apart(moved, name, images, nameof(images), operation);
        Require.Apart(moved, name, gradient, nameof(gradient), operation);
    }

    // [N, 1, …], shaped to multiply the rows, at least the smallest norm that counts.
    private static Tensor RowNorms(Tensor rows) =>
        rows.flatten(1).square().sum(1).sqrt().clamp_min(L2PgdStep.SmallestNorm).view([.. rows.shape.Select((size, axis) => axis == 0 ? size : 1)]);
}
