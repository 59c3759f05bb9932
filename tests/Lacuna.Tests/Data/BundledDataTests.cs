using Lacuna.Data;

namespace Lacuna.Tests.Data;

public sealed class BundledDataTests
{
    // Content hashes computed in Python when the subset was packed; so were the hashes of the pixels in Data/Bundled/README.md.
    [Theory]
    [InlineData(DataSplit.Train, 600, "a2a2167ecd9963cf7d068f2bfafae90545130a6e2272956b8f5bfc4c1f4b723d")]
    [InlineData(DataSplit.Test, 200, "b2e67b5b4cf9e32f631d0ceda67423f69abc95b380753cde32e8fe222244061d")]
    public void TheBundledSetIsTheOneThatWasPacked(DataSplit split, int perClass, string hash)
    {
        ImageSet set = BundledData.FashionMnist(split);

        Assert.Equal((perClass * 10, 1, 28, 28, 10), (set.Count, set.Channels, set.Height, set.Width, set.ClassCount));
        Assert.Equal(Enumerable.Repeat(perClass, 10), set.CountsPerClass());
        Assert.Equal(hash, set.ContentHash);
    }

    [Theory]
    [InlineData(DataSplit.Train, 600)]
    [InlineData(DataSplit.Test, 200)]
    public void TheBundledSetIsTheFirstOfEachClassInTheWholeSet(DataSplit split, int perClass)
    {
        ImageSet whole = IdxDataset.Load(
            SharedData.Require($"data/fashion-mnist/{IdxDataset.Prefix(split)}-images-idx3-ubyte.gz"), SharedData.Require($"data/fashion-mnist/{IdxDataset.Prefix(split)}-labels-idx1-ubyte.gz"), ClassNames.FashionMnist);
        var taken = new int[10];
        int[] first = [.. Enumerable.Range(0, whole.Count).Where(i => taken[whole.Labels.Span[i]]++ < perClass)];

        Assert.Equal(whole.Select(first).ContentHash, BundledData.FashionMnist(split).ContentHash);
    }
}
