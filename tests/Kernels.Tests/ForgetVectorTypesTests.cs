using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Every type of image and result, clamp, and normalisation in both layouts: the operations of plain float32 arithmetic, to the bit.</summary>
public sealed class ForgetVectorTypesTests
{
    public static TheoryData<bool, bool, string> Forms => ForgetVectorTypesCase.Forms;

    [Theory, MemberData(nameof(Forms))]
    public void DoesPlainArithmetic(bool bytes, bool half, string form)
    {
        foreach (int elements in new[] { 0, 1, 3, 31, 32, 33, 95, 96, 97, 255, 300, 3072, 3073 })
            foreach (var (samples, vectors, perSample) in new[] { (0, 1, false), (1, 1, false), (5, 3, true), (3, 2, false) })
            {
                var c = new ForgetVectorTypesCase(samples, elements, vectors, perSample, bytes, half, form);
                Assert.Equal(c.Expected(), c.Cpu());
            }
    }

    [Theory, MemberData(nameof(Forms))]
    public void DoesPlainArithmeticOnSpecialValues(bool bytes, bool half, string form)
    {
        var c = new ForgetVectorTypesCase(4, 201, 2, perSample: true, bytes, half, form, specials: true);
        Assert.Contains(c.Expected(), float.IsNaN);
        Assert.Contains(c.Expected(), float.IsFinite);
        Assert.Equal(c.Expected(), c.Cpu());
    }

    [Theory, MemberData(nameof(Forms))]
    public void DoesPlainArithmeticAcrossBlocks(bool bytes, bool half, string form)
    {
        var c = new ForgetVectorTypesCase(2, 150_001, 2, perSample: true, bytes, half, form);
        Assert.Equal(c.Expected(), c.Cpu());
    }

    [Fact]
    public unsafe void BoundsThatAreNoNumbersAndImpossibleChannelsAreRefused()
    {
        void Call(ForgetVectorOutput output)
        {
            float one = 1;
            ForgetVectorApplication.Cpu(&one, &one, &one, &one, new(1, 1), output);
        }
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => Call(new(float.NaN))).Message);
        Assert.Equal("Channels", Assert.Throws<ArgumentOutOfRangeException>(() => Call(new(0, 1, -1))).ParamName);
        Assert.Equal("Plane", Assert.Throws<ArgumentOutOfRangeException>(() => Call(default)).ParamName);
    }
}
