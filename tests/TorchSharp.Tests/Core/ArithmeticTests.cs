using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class ArithmeticTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor a = tensor(new double[] { 1, -2, 3, -4 }, [2, 2]);
    private readonly Tensor b = tensor(new double[] { 2, 0.5, 4, 8 }, [2, 2]);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void OperatorsWorkElementByElement()
    {
        Equal([3, -1.5, 7, 4], a + b);
        Equal([-1, -2.5, -1, -12], a - b);
        Equal([2, -1, 12, -32], a * b);
        Equal([0.5, -4, 0.75, -0.5], a / b);
        Equal([-1, 2, -3, 4], -a);
        Equal([3, 0, 5, -2], a + 2);
        Equal([3, 0, 5, -2], 2 + a);
        Equal([1, 4, -1, 6], 2 - a);
        Equal([2, -4, 6, -8], a * 2f);
        Equal([0.5, -1, 1.5, -2], a / 2);
        Equal([2, 8, 1, 0.5], 4.0 / b, Rounding);
        Equal([1, 0, 1, 0], a % 2);
    }

    [Fact]
    public void ComparisonsGiveTruthValues()
    {
        Assert.Equal(ScalarType.Bool, (a > 0).dtype);
        Equal([1, 0, 1, 0], a > 0);
        Equal([0, 1, 0, 1], 0 > a);
        Equal([1, 1, 1, 1], b >= a);
        Equal([0, 0, 1, 0], a == 3);
        Equal([1, 1, 0, 1], a != 3);
        Equal([0, 0, 0, 0], (a > 0) & (a < 0));
        Equal([1, 1, 1, 1], (a > 0) | (a <= 0));
        Equal([0, 1, 0, 1], ~(a > 0));
        Equal([0, 1, 0, 1], (a > 0).logical_not());
        Assert.True((a > b).any().ToBoolean() is false);
        Assert.True((b > a).all().ToBoolean());
    }

    [Fact]
    public void InPlaceOperationsAnswerWithTheTensorItself()
    {
        var x = a.clone();
        Assert.Same(x, x.add_(1));
        Equal([2, -1, 4, -3], x);
        x.sub_(b).mul_(2).div_(b);
        Equal([0, -6, 0, -2.75], x);
        x.copy_(a).addcmul_(a, b, 0.5).addcdiv_(a, b, 2);
        Equal([3, -10.5, 10.5, -21], x);
        x.copy_(a).lerp_(b, tensor(0.25)).clamp_(min: -1);
        Equal([1.25, -1, 3.25, -1], x);
        x.zero_().fill_(3);
        Equal([3, 3, 3, 3], x);
    }

    [Fact]
    public void ElementaryFunctionsAreThoseOfMath()
    {
        double[] xs = [0.25, 1, 2.5];
        var x = tensor(xs);
        Equal(xs.Select(v => Math.Sqrt(v)).ToArray(), x.sqrt(), Rounding);
        Equal(xs.Select(v => 1 / Math.Sqrt(v)).ToArray(), x.rsqrt(), Rounding);
        Equal(xs.Select(v => Math.Exp(v)).ToArray(), x.exp(), Rounding * 10);
        Equal(xs.Select(v => Math.Log(v)).ToArray(), x.log(), Rounding);
        Equal(xs.Select(v => Math.Tanh(v)).ToArray(), x.tanh(), Rounding);
        Equal(xs.Select(v => 1 / (1 + Math.Exp(-v))).ToArray(), x.sigmoid(), Rounding);
        Equal(xs.Select(v => v * v).ToArray(), x.square(), Rounding);
        Equal(xs.Select(v => Math.Pow(v, 1.5)).ToArray(), x.pow(1.5), Rounding * 10);
        Equal([1, 2, 3, 4], a.abs());
        Equal([1, -1, 1, -1], a.sign());
        Equal([1, 0, 3, 0], a.relu());
        Equal([1, -1, 2, -1], a.clamp(-1, 2));
        Equal([2, 0.5, 3, -4], a.clamp(max: 3).maximum(minimum(b, tensor(new double[] { 9, 9, -9, -9 }, [2, 2]))));
    }

    [Fact]
    public void NotNumbersAreFound()
    {
        var x = tensor(new[] { 1, double.NaN, double.PositiveInfinity });
        Equal([0, 1, 0], x.isnan());
        Equal([0, 0, 1], x.isinf());
        Equal([1, 0, 0], x.isfinite());
    }

    [Fact]
    public void ProductsOfMatrices()
    {
        Equal([-6, -15.5, -10, -30.5], a.mm(b));
        Assert.True(a.matmul(b).allclose(a.mm(b)));
        Equal([1 * 2 - 2 * 0.5 + 12 - 32], a.flatten().dot(b.flatten()));
        Equal([-6, -15.5, -10, -30.5], a.unsqueeze(0).bmm(b.unsqueeze(0)));
        Equal([-11, -30.75, -18, -57], b.addmm(a, b, beta: 0.5f, alpha: 2));
    }

    [Fact]
    public void ShapesAreBroadcast()
    {
        Equal([11, 8, 13, 6], a + tensor(new double[] { 10 }));
        Equal([11, 18, 13, 16], a + tensor(new double[] { 10, 20 }));
        Equal([11, 8, 23, 16], a + tensor(new double[] { 10, 20 }, [2, 1]));
    }

    [Fact]
    public void ChoiceBetweenTensors()
    {
        Equal([1, 0.5, 3, 8], where(a > 0, a, b));
        Equal([1, 0, 3, 0], a.masked_fill(a < 0, 0));
        Equal([1, 3], a.masked_select(a > 0));
    }
}
