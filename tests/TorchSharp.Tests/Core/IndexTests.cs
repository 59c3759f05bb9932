using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

/// <summary>Brackets mean what they mean in Python.</summary>
public sealed class IndexTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor x = arange(12, dtype: float64).reshape(3, 4);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Reading()
    {
        Equal([4, 5, 6, 7], x[1]);
        Equal([8, 9, 10, 11], x[-1]);
        Equal([8, 9, 10, 11], x[^1]);
        Equal(6, x[1, 2]);
        Equal([1, 5, 9], x[.., 1]);
        Equal([4, 5, 6, 7, 8, 9, 10, 11], x[1..]);
        Equal([4, 5], x[1..2, ..2]);
        Equal([2, 3, 6, 7, 10, 11], x[.., ^2..]);
        Equal([0, 2, 8, 10], x[TensorIndex.Slice(null, null, 2), TensorIndex.Slice(0, 4, 2)]);
        Equal([3, 7, 11], x[TensorIndex.Ellipsis, 3]);
        Equal([3, 7, 11], x[TensorIndex.Colon, TensorIndex.Single(3)]);
        Assert.Equal([1L, 3, 4], x[TensorIndex.Null].shape);
        Assert.Equal([3L, 1, 4], x[TensorIndex.Colon, TensorIndex.Null].shape);
        Equal([9, 10, 11], x[x > 8]);
        Equal([8, 9, 10, 11, 0, 1, 2, 3], x[tensor(new long[] { 2, 0 })]);
        Equal([10, 1], x[tensor(new long[] { 2, 0 }), tensor(new long[] { 2, 1 })]);
        Equal([9, 1], x[TensorIndex.Tensor(tensor(new long[] { 2, 0 })), 1]);
        Equal([8, 9, 10, 11], x.index(TensorIndex.Single(2)));
    }

    [Fact]
    public void Writing()
    {
        x[0] = tensor(new double[] { 1, 2, 3, 4 });
        x[1, 2] = tensor(-6.0);
        x[x > 10] = tensor(0.0);
        x[.., 0] = tensor(7.0);
        x[2, ^1] = 5;
        Equal([7, 2, 3, 4, 7, 5, -6, 7, 7, 9, 10, 5], x);
        x.index_put_(1, TensorIndex.Slice(0, 2), TensorIndex.Single(1));
        Equal([1, 1, 9], x[.., 1]);
    }

    [Fact]
    public void PlacesThatDoNotExistAreRefused()
    {
        Assert.ThrowsAny<Exception>(() => x[3]);
        Assert.ThrowsAny<Exception>(() => x[0, 4]);
        Assert.ThrowsAny<Exception>(() => x[0, 0, 0]);
        Assert.ThrowsAny<Exception>(() => x[tensor(new long[] { 5 })]);
    }
}
