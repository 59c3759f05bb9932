using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

/// <summary>Numbers without a formula beside them are PyTorch's for sin(0) ... sin(11) in three rows.</summary>
public sealed class ReductionTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor whole = tensor(new double[] { 3, 1, 2, 5, 4, 6 }, [2, 3]);
    private readonly Tensor sines = Sines(3, 4);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void SumsAndMeans()
    {
        Equal(21, whole.sum());
        Equal([8, 5, 8], whole.sum(dim: 0));
        Equal([6, 15], whole.sum([1]));
        Assert.Equal([2L, 1], whole.sum([1], keepdim: true).shape);
        Assert.Equal(ScalarType.Float32, whole.sum([1], type: float32).dtype);
        Equal(3.5, whole.mean());
        Equal([2, 5], whole.mean([1]));
    }

    [Fact]
    public void RunningSums() => Equal([3, 4, 6, 5, 9, 15], whole.cumsum(1));

    [Fact]
    public void Spread()
    {
        Equal([0.46904144708, 0.719797435406, 0.901763409716], sines.std(1));
        Equal(0.498943393261, sines.var([0, 1], unbiased: false));
        Equal(2.44977775455, sines.norm());
        Equal([1.89188841969, 2.65212886689, 2.94548804931], sines.norm(1, p: 1));
        Equal([1.93930515391, 1.26346707827, 1.63857215149], sines.logsumexp(1));
    }

    [Fact]
    public void Extremes()
    {
        Equal(6, whole.max());
        Equal(1, whole.min());
        var (values, places) = whole.max(1);
        Equal([3, 6], values);
        Equal([0, 2], places);
        (values, places) = whole.min(0);
        Equal([3, 1, 2], values);
        Equal([0, 0, 0], places);
        Equal([5, 4, 6], whole.amax([0]));
        Equal([1, 4], whole.amin([1]));
        Equal(5, whole.argmax());
        Equal([1, 1], whole.argmin(1));
    }

    [Fact]
    public void Orders()
    {
        var (values, places) = whole.sort(1, descending: true);
        Equal([3, 2, 1, 6, 5, 4], values);
        Equal([0, 2, 1, 2, 0, 1], places);
        Equal([1, 2, 0, 1, 0, 2], whole.argsort(1));
        (values, places) = whole.topk(2, 1);
        Equal([3, 2, 6, 5], values);
        Equal([0, 2, 2, 0], places);
        (values, places) = whole.kthvalue(2, 1);
        Equal([2, 5], values);
        Equal([2, 0], places);
    }

    [Fact]
    public void SoftmaxIsExponentialsOverTheirSum()
    {
        double[] row = [3, 1, 2];
        double total = row.Sum(Math.Exp);
        Equal(row.Select(v => Math.Exp(v) / total).ToArray(), whole[0].softmax(0), Rounding);
        Equal(row.Select(v => v - Math.Log(total)).ToArray(), whole[0].log_softmax(0), Rounding * 10);
        Assert.Equal(ScalarType.Float32, whole.softmax(1, float32).dtype);
    }
}
