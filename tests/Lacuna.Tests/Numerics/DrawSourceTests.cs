using Lacuna.Numerics;

namespace Lacuna.Tests.Numerics;

/// <summary>Expected words come from a Philox 4x32-10 written anew in Python, which reproduces Random123's three known answers.</summary>
public sealed class DrawSourceTests
{
    private static readonly DrawSource Draws = new(0x123456789abcdef0);

    [Fact]
    public void BitsAreThePublishedKnownAnswerForZeroCounterAndKey()
    {
        var zero = new DrawSource(0);

        uint[] words = [.. Enumerable.Range(0, 4).Select(lane => zero.Bits(0, 0, 0, lane))];

        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], words);
    }

    [Fact]
    public void BitsFollowTheDocumentedLayout()
    {
        uint[] words = [.. Enumerable.Range(0, 6).Select(lane => Draws.Bits(DrawPurpose.Shuffle, 5, 7, lane))];

        Assert.Equal([0xc996b6b3u, 0x88a1aaa6u, 0x6ab8b15au, 0xc5e6b2d1u, 0xbaca8a6du, 0x4b6ed918u], words);
        Assert.Equal(0x1450eed5u, Draws.Bits(DrawPurpose.AttackStart, 100000, 59999, 3071));
    }

    [Fact]
    public void Bits64JoinTwoLanes()
    {
        ulong[] words = [.. Enumerable.Range(0, 3).Select(lane => Draws.Bits64(DrawPurpose.Shuffle, 5, 7, lane))];

        Assert.Equal([0x88a1aaa6c996b6b3ul, 0xc5e6b2d16ab8b15aul, 0x4b6ed918baca8a6dul], words);
    }

    [Fact]
    public void UniformsAreTheUpperBits()
    {
        Assert.Equal(13211318 / 16777216f, Draws.Uniform(DrawPurpose.Shuffle, 5, 7));
        Assert.Equal(8954282 / 16777216f, Draws.Uniform(DrawPurpose.Shuffle, 5, 7, 1));
        Assert.Equal(6963028262999830 / 9007199254740992.0, Draws.UniformDouble(DrawPurpose.Shuffle, 5, 7, 1));
    }

    [Fact]
    public void NormalsAreBoxMullerOfTheWords()
    {
        // Math libraries may differ in the last bit of a sine; 4e-7 is two float steps at 2.
        double[] expected = [-2.122714594641101, 0.849707176253652, -0.46783852971653844, -0.5414363144829404];
        for (int lane = 0; lane < 4; lane++)
        {
            Assert.Equal(expected[lane], Draws.Normal(DrawPurpose.ForgetVectorInit, 0, 0, lane), 4e-7);
        }
    }

    [Fact]
    public void BelowPermutationChoiceAndSeedHaveGoldenValues()
    {
        Assert.Equal([7, 5, 6, 9, 2, 4, 8, 1, 0, 4], Enumerable.Range(0, 10).Select(row => Draws.Below(10, DrawPurpose.IrrelevantClass, 0, row)));
        Assert.Equal([3, 0, 1, 8, 4, 9, 6, 2, 5, 7], Draws.Permutation(10, DrawPurpose.Shuffle, 2));
        Assert.Equal([14, 115, 741, 902, 907], Draws.Choose(5, 1000, DrawPurpose.ForgetSet, 0));
        Assert.Equal(0x2e05b04d159a7399ul, Draws.DeriveSeed(DrawPurpose.WeightInit));
        Assert.Equal(0x67afa90fffdcc8bbul, Draws.DeriveSeed(DrawPurpose.WeightInit, 3));
    }

    [Fact]
    public void DrawsDoNotDependOnTheirOrder()
    {
        (int Step, int Row, int Lane)[] places =
            [.. from step in Enumerable.Range(0, 5) from row in Enumerable.Range(0, 7) from lane in Enumerable.Range(0, 9) select (step, row, lane)];
        var forward = new DrawSource(99);
        var backward = new DrawSource(99);

        uint[] first = [.. places.Select(p => forward.Bits(DrawPurpose.Probe, p.Step, p.Row, p.Lane))];
        uint[] second = [.. places.Reverse().Select(p => backward.Bits(DrawPurpose.Probe, p.Step, p.Row, p.Lane)).Reverse()];

        Assert.Equal(first, second);
        Assert.Equal(places.Length, first.Distinct().Count());
    }

    [Fact]
    public void EveryPartOfTheKeyMatters()
    {
        uint[] words =
        [
            Draws.Bits(DrawPurpose.Split, 0, 0), Draws.Bits(DrawPurpose.Probe, 0, 0), Draws.Bits(DrawPurpose.Split, 1, 0),
            Draws.Bits(DrawPurpose.Split, 0, 1), Draws.Bits(DrawPurpose.Split, 0, 0, 1),
            new DrawSource(Draws.Seed ^ 1).Bits(DrawPurpose.Split, 0, 0),
            new DrawSource(Draws.Seed ^ (1ul << 63)).Bits(DrawPurpose.Split, 0, 0),
        ];

        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public void FillsEqualSingleDraws(int length)
    {
        var uniforms = new float[length];
        var normals = new float[length];

        Draws.FillUniform(uniforms, DrawPurpose.AttackStart, 3, 11);
        Draws.FillNormal(normals, DrawPurpose.AttackStart, 3, 11);

        Assert.Equal(Enumerable.Range(0, length).Select(lane => Draws.Uniform(DrawPurpose.AttackStart, 3, 11, lane)), uniforms);
        Assert.Equal(Enumerable.Range(0, length).Select(lane => Draws.Normal(DrawPurpose.AttackStart, 3, 11, lane)), normals);
    }

    [Fact]
    public void UniformsPassChiSquare()
    {
        const int Bins = 100, Count = 100_000;
        var counts = new int[Bins];
        for (int row = 0; row < Count; row++)
        {
            counts[(int)(Draws.Uniform(DrawPurpose.Probe, 0, row) * Bins)]++;
        }

        // 99 degrees of freedom: 0.1 % lie below 60.3 and 0.1 % above 148.2.
        Assert.InRange(ChiSquare(counts, Count / (double)Bins), 60.3, 148.2);
    }

    [Fact]
    public void ClassesPassChiSquare()
    {
        const int Classes = 9, Count = 90_000;
        var counts = new int[Classes];
        for (int row = 0; row < Count; row++)
        {
            counts[Draws.Below(Classes, DrawPurpose.IrrelevantClass, 1, row)]++;
        }

        // 8 degrees of freedom: 0.1 % lie below 0.857 and 0.1 % above 26.12.
        Assert.InRange(ChiSquare(counts, Count / (double)Classes), 0.857, 26.12);
    }

    [Fact]
    public void PermutationsOfFourPassChiSquare()
    {
        const int Count = 24_000;
        var counts = new Dictionary<string, int>();
        for (int step = 0; step < Count; step++)
        {
            string order = string.Join(' ', Draws.Permutation(4, DrawPurpose.Shuffle, step));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // 23 degrees of freedom: 0.1 % lie below 7.53 and 0.1 % above 49.73.
        Assert.Equal(24, counts.Count);
        Assert.InRange(ChiSquare([.. counts.Values], Count / 24.0), 7.53, 49.73);
    }

    [Fact]
    public void NormalsHaveTheMomentsOfTheNormal()
    {
        const int Count = 200_000;
        var values = new float[Count];
        Draws.FillNormal(values, DrawPurpose.Probe, 1, 0);

        // Four standard errors: 1/sqrt(n), sqrt(2/n), sqrt(15/n) (variance of x^3), sqrt(96/n) (variance of x^4).
        double unit = 4 / Math.Sqrt(Count);
        Assert.Equal(0, Moment(1), unit);
        Assert.Equal(1, Moment(2), unit * Math.Sqrt(2));
        Assert.Equal(0, Moment(3), unit * Math.Sqrt(15));
        Assert.Equal(3, Moment(4), unit * Math.Sqrt(96));

        double Moment(int power) => values.Average(value => Math.Pow(value, power));
    }

    [Fact]
    public void ChoicesAreSortedDistinctAndNested()
    {
        int[] small = Draws.Choose(10, 500, DrawPurpose.ForgetSet, 0);
        int[] large = Draws.Choose(40, 500, DrawPurpose.ForgetSet, 0);

        Assert.Equal(40, large.Distinct().Count());
        Assert.Equal(large.Order(), large);
        Assert.Subset(large.ToHashSet(), small.ToHashSet());
        Assert.Equal(Enumerable.Range(0, 500), Draws.Choose(500, 500, DrawPurpose.ForgetSet, 0));
        Assert.Empty(Draws.Choose(0, 500, DrawPurpose.ForgetSet, 0));
    }

    [Fact]
    public void ImpossibleDrawsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Draws.Below(0, DrawPurpose.Probe, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draws.Choose(4, 3, DrawPurpose.Probe, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draws.Choose(-1, 3, DrawPurpose.Probe, 0));
    }

    private static double ChiSquare(int[] counts, double expected) => counts.Sum(count => (count - expected) * (count - expected) / expected);
}
