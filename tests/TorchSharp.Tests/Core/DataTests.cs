using System.Runtime.InteropServices;
using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class DataTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor x = arange(6, dtype: float32).reshape(2, 3);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void ElementsAreReadInRowOrderWhateverTheStrides()
    {
        Assert.Equal([0f, 3, 1, 4, 2, 5], x.t().data<float>().ToArray());
        var turned = x.t().data<float>();
        Assert.Equal(6, turned.Count);
        Assert.Equal(4f, turned[1, 1]);
        Assert.Equal([0f, 3, 1, 4, 2, 5], turned);
        var part = new float[3];
        turned.CopyTo(part, tensorIndex: 2);
        Assert.Equal([1f, 4, 2], part);
    }

    [Fact]
    public void WritesReachTheTensor()
    {
        var elements = x.data<float>();
        elements[1, 2] = 50;
        x.t().data<float>()[0, 1] = 30;
        elements.CopyFrom(new float[] { 7, 8 }, tensorIndex: 1);
        Equal([0, 7, 8, 30, 4, 50], x);
        MemoryMarshal.Cast<byte, float>(x.bytes)[0] = -1;
        Assert.Equal(-1f, x[0, 0].ToSingle());
        x.bytes = new byte[24];
        Equal([0, 0, 0, 0, 0, 0], x);
    }

    [Fact]
    public void OneElementBecomesANumber()
    {
        Assert.Equal(5f, x[1, 2].item<float>());
        Assert.Equal(5, x[1, 2].ToInt32());
        Assert.Equal(5L, (long)x[1, 2]);
        Assert.Equal(0.5, tensor(0.5).ToDouble());
        Assert.True(tensor(true).ToBoolean());
        Assert.Equal(9, tensor((byte)9).ToByte());
        Assert.Equal(1.5f, tensor(1.5f).ToScalar().ToSingle());
    }

    [Fact]
    public void TypesConvert()
    {
        Equal([1, 0, -1], tensor(new[] { 1.9, 0.2, -1.9 }).to(int64));
        Assert.Equal(ScalarType.Int32, x.to(int32).dtype);
        Assert.Equal(ScalarType.BFloat16, x.to(bfloat16).dtype);
        Assert.Equal(ScalarType.Float64, x.to(zeros(1, dtype: float64)).dtype);
        Assert.Equal(ScalarType.Bool, x.@bool().dtype);
        var copy = x.to(float32, copy: true);
        copy.fill_(9);
        Assert.Equal(0f, x[0, 0].ToSingle());
    }

    [Fact]
    public void PinnedMemoryHoldsTheSameAndNeedsCuda()
    {
        if (cuda.is_available()) Assert.True(x.pin_memory().Equals(x));
        else Assert.NotNull(Record.Exception(() => x.pin_memory()));
    }

    [Fact]
    public void EqualityIsOfValues()
    {
        Assert.True(x.Equals(x.clone()));
        Assert.False(x.Equals(x + 1));
        Assert.True(x.allclose(x * (1 + 1e-6)));
        Assert.False(x.allclose(x * (1 + 1e-3)));
    }
}
