using System.Globalization;
using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Tests.Data;

public sealed class CropRectangleTests
{
    /// <summary>torchvision's own code on the same random numbers: make_crop_rectangles_golden.py.</summary>
    [Fact]
    public void IsTorchvisionsOfTheSameDraws()
    {
        using var reader = new StreamReader(typeof(CropRectangleTests).Assembly.GetManifestResourceStream("CropRectangles.csv")!);
        var cases = 0;
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(',');
            var n = Array.ConvertAll(parts[5..], part => int.Parse(part, CultureInfo.InvariantCulture));
            var drawn = CropRectangle.Draw(double.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture),
                new DrawSource(ulong.Parse(parts[3], CultureInfo.InvariantCulture)), int.Parse(parts[4], CultureInfo.InvariantCulture), n[0]);
            Assert.Equal(new CropRectangle(n[1], n[2], n[3], n[4]), drawn);
            cases++;
        }
        Assert.Equal(180, cases);
    }

    /// <summary>A uniform share of the area from 0.2 on has the mean 0.6 and the deviation 0.23; those that do not fit are mostly large ones. 4,000 give the mean to 0.02.</summary>
    [Fact]
    public void AreasAndShapesAreSpreadAsTheySay()
    {
        var draws = new DrawSource(5);
        var all = Enumerable.Range(0, 4000).Select(row => CropRectangle.Draw(0.2, 1000, 1000, draws, 0, row)).ToArray();
        Assert.All(all, r => Assert.True(r.Top >= 0 && r.Left >= 0 && r.Top + r.Height <= 1000 && r.Left + r.Width <= 1000));
        Assert.All(all, r => Assert.InRange((double)r.Width / r.Height, 0.747, 1.338));
        Assert.All(all, r => Assert.InRange(r.Width * r.Height / 1e6, 0.199, 1));
        Assert.InRange(all.Average(r => r.Width * r.Height / 1e6), 0.5, 0.62);
        Assert.InRange(all.Average(r => Math.Log((double)r.Width / r.Height)), -0.02, 0.02);
        Assert.InRange(all.Average(r => r.Top / (1001.0 - r.Height)), 0.47, 0.53);
    }

    [Theory]
    [InlineData(-1, 0, "at least 0")]
    [InlineData(0, -0.1, "above 0 up to 1")]
    [InlineData(0, 1.01, "above 0 up to 1")]
    [InlineData(0, double.NaN, "above 0 up to 1")]
    [InlineData(2, 0.5, "exclude each other")]
    public void WhatMakesNoSenseIsRefused(int padding, double area, string words) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => new Augmentation(padding, false, area).Validate()).Message);
}
