using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class FactoryTests
{
    [Fact]
    public void SizesAndTypesAreAsAsked()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([2L, 3], zeros(2, 3).shape);
        Assert.Equal([2L, 3, 4], ones([2, 3, 4], dtype: int32).shape);
        Assert.Equal(ScalarType.Int32, ones([2, 3, 4], dtype: int32).dtype);
        Assert.Equal(ScalarType.Float32, empty(1).dtype);
        Assert.True(zeros([2], requires_grad: true).requires_grad);
        Equal([7, 7], full([2], 7, dtype: float64));
        Equal([1, 0, 0, 1], eye(2));
        Equal([0, 0.5, 1], linspace(0, 1, 3, dtype: float64));
        Assert.Equal(ScalarType.Int64, zeros_like(arange(3)).dtype);
        Assert.Equal(ScalarType.Float64, ones_like(arange(3), dtype: float64).dtype);
    }

    [Fact]
    public void ArangeInfersItsTypeFromItsNumbers()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int64, arange(5).dtype);
        Assert.Equal(ScalarType.Float32, arange(0.0, 1.0, 0.25).dtype);
        Equal([2, 5, 8], arange(2, 10, 3));
    }

    [Fact]
    public void NumbersComeInRowByRow()
    {
        using var scope = NewDisposeScope();
        Equal([1, 2, 3, 4, 5, 6], tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }));
        Assert.Equal([2L, 3], tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).shape);
        Assert.Equal([3L, 2], tensor(new double[] { 1, 2, 3, 4, 5, 6 }, [3, 2]).shape);
        Assert.Equal([2L, 1], tensor(new List<long> { 8, 9 }, 2, 1).shape);
        Assert.Equal(ScalarType.Bool, tensor(new[] { true, false }).dtype);
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1 }).dtype);
        Assert.Equal(ScalarType.Float16, tensor(new[] { 1, 2 }, dtype: float16).dtype);
        Assert.Equal([0L], tensor(Array.Empty<float>()).shape);
        Assert.Equal([2L, 2, 1], from_array(new int[2, 2, 1]).shape);
    }

    [Fact]
    public void TheTensorIsACopyOfTheArray()
    {
        float[] values = [1, 2];
        using var copy = tensor(values);
        values[0] = 5;
        Equal([1, 2], copy);
    }

    [Fact]
    public void EqualSeedsGiveEqualNumbers()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var first = randn(5);
        manual_seed(7);
        Assert.True(first.Equals(randn(5)));
        using var generator = new Generator(3);
        var drawn = rand(4, generator: generator);
        generator.manual_seed(3);
        Assert.True(drawn.Equals(rand(4, generator: generator)));
        Assert.Equal(3, generator.initial_seed());
    }

    [Fact]
    public void SeedSevenDrawsWhatPyTorchDraws()
    {
        manual_seed(7);
        using var drawn = randn(4);
        // Printed from float32, so equal to its precision.
        Equal([-0.146795094013, 0.78614127636, 0.946821630001, -1.11434400082], drawn, 1e-11);
    }

    [Fact]
    public void RandomNumbersStayInTheirRange()
    {
        using var scope = NewDisposeScope();
        var whole = randint(3, 6, [1000]);
        Assert.Equal(3, whole.min().ToInt64());
        Assert.Equal(5, whole.max().ToInt64());
        Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], randperm(10).sort().Item1);
        var uniform = empty(1000).uniform_(-2, -1);
        Assert.InRange(uniform.min().ToSingle(), -2f, -1f);
        Assert.InRange(uniform.max().ToSingle(), -2f, -1f);
    }
}
