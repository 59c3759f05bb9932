using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class ShapeTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor x = arange(6, dtype: float64).reshape(2, 3);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void ATensorKnowsItsLayout()
    {
        Assert.Equal([2L, 3], x.shape);
        Assert.Equal(3, x.size(-1));
        Assert.Equal(2, x.ndim);
        Assert.Equal(6, x.numel());
        Assert.Equal([3L, 1], x.stride());
        Assert.Equal(8, x.element_size());
        Assert.True(x.is_contiguous());
        Assert.Equal(DeviceType.CPU, x.device_type);
        var column = x.t()[1];
        Assert.Equal(1, column.storage_offset());
        Assert.Equal([3L], column.stride());
        Assert.False(x.t().is_contiguous());
        Assert.Equal("[2x3], type = Float64, device = cpu", x.ToString());
    }

    [Fact]
    public void ViewsShareTheirStorage()
    {
        x.view(-1)[4] = 40;
        x.t()[0, 1] = 30;
        x.narrow(1, 0, 1).select(0, 0).fill_(10);
        x.flatten().detach().alias()[1] = 11;
        Equal([10, 11, 2, 30, 40, 5], x);
    }

    [Fact]
    public void ArrangementsOfTheSameElements()
    {
        Equal([0, 3, 1, 4, 2, 5], x.t());
        Equal([0, 3, 1, 4, 2, 5], x.permute(1, 0));
        Equal([0, 3, 1, 4, 2, 5], x.transpose(0, 1).contiguous());
        Assert.Equal([3L, 2], x.reshape(3, -1).shape);
        Assert.Equal([1L, 2, 1, 3], x.unsqueeze(0).unsqueeze(2).shape);
        Assert.Equal([2L, 3], x.unsqueeze(0).squeeze().shape);
        Assert.Equal([1L, 2, 3], x.reshape(1, 2, 1, 3).squeeze(2).shape);
        Assert.Equal([4L, 2, 3], x.expand(4, 2, 3).shape);
        Equal([0, 1, 2, 0, 1, 2], x[0].repeat(2));
        Equal([2, 1, 0, 5, 4, 3], x.flip(1));
        Equal([2, 0, 1, 5, 3, 4], x.roll(1, 1));
        Equal([0, 0, 0, 3, 4, 0], x.tril());
        Assert.Equal([6L], x.flatten().shape);
        Assert.Equal([2L, 3], x.flatten(1).shape);
    }

    [Fact]
    public void JoinsAndSplits()
    {
        Assert.Equal([4L, 3], cat([x, x]).shape);
        Assert.Equal([2L, 6], cat([x, x], 1).shape);
        Assert.Equal([2L, 2, 3], stack([x, x], 1).shape);
        Assert.Equal([2, 1], x.chunk(2, 1).Select(part => (int)part.size(1)));
        Assert.Equal([2, 1], x.split(2, 1).Select(part => (int)part.size(1)));
        Assert.Equal([1, 2], x.split([1, 2], 1).Select(part => (int)part.size(1)));
        var rows = x.unbind();
        Assert.Equal(2, rows.Length);
        Equal([3, 4, 5], rows[1]);
    }

    [Fact]
    public void GatherAndScatter()
    {
        var places = tensor(new long[] { 2, 0 });
        Equal([2, 0, 5, 3], x.index_select(1, places));
        Equal([2, 3], x.gather(1, places.unsqueeze(1)));
        Equal([5, 1], x.take(tensor(new long[] { 5, 1 })));
        Equal([0, 0, 9, 9, 0, 0], zeros_like(x).scatter_(1, places.unsqueeze(1), full([2, 1], 9, dtype: float64)));
        var target = zeros(3, 3, dtype: float64);
        target.index_add_(0, tensor(new long[] { 1, 1 }), x, 2);
        Equal([0, 0, 0, 6, 10, 14, 0, 0, 0], target);
        target.index_copy_(0, places, x);
        Equal([3, 4, 5, 6, 10, 14, 0, 1, 2], target);
        Equal([0, 1, 0, 2, 1, 0, 1, 1, 1, 2], x.nonzero());
        Assert.Equal([5, 5], where(x > 0).Select(part => (int)part.numel()));
    }
}
