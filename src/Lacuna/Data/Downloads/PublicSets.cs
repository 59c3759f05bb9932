using Lacuna.Data.Cifar;

namespace Lacuna.Data.Downloads;

/// <summary>The public sets that can be downloaded by name.</summary>
/// <remarks>
/// Addresses, lengths and SHA-256 are those that TensorFlow Datasets checks its downloads against
/// (github.com/tensorflow/datasets, tensorflow_datasets/url_checksums: cifar10.txt, cifar100.txt, mnist.txt, fashion_mnist.txt).
/// MNIST's own home does not serve files any more; the address is that set's, of the copy that the CVDF keeps.
/// </remarks>
public static class PublicSets
{
    private const string Toronto = "https://www.cs.toronto.edu/~kriz/";
    private const string TorontoPage = "https://www.cs.toronto.edu/~kriz/cifar.html";

    /// <summary>Every one.</summary>
    public static IReadOnlyList<PublicSet> All { get; } =
    [
        new("cifar10", TorontoPage, [new("cifar-10-binary.tar.gz", new(Toronto + "cifar-10-binary.tar.gz"), 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")], CifarDataset.BinaryFiles(hundred: false)),
        new("cifar100", TorontoPage, [new("cifar-100-binary.tar.gz", new(Toronto + "cifar-100-binary.tar.gz"), 168_513_733, "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")], CifarDataset.BinaryFiles(hundred: true)),
        Idx("mnist", "http://yann.lecun.com/exdb/mnist", "https://storage.googleapis.com/cvdf-datasets/mnist/",
            (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"), (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"), (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
        Idx("fashion-mnist", "https://github.com/zalandoresearch/fashion-mnist", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"), (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"), (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),
    ];

    /// <summary>CIFAR-100 by its super-classes: the same files under a name of its own.</summary>
    public const string Cifar20 = "cifar20";

    /// <summary>Every name that <see cref="Find"/> knows.</summary>
    public static string Names { get; } = string.Join(", ", [.. All.Select(set => set.Name), Cifar20]);

    /// <summary>The set of a name; null where there is none.</summary>
    public static PublicSet? Find(string name) => All.FirstOrDefault(set => set.Name == (name == Cifar20 ? "cifar100" : name));

    private static PublicSet Idx(string name, string home, string address, params (long Bytes, string Sha256)[] files)
    {
        string[] names = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];
        return new(name, home, [.. names.Zip(files, (file, of) => new PublicFile(file, new(address + file), of.Bytes, of.Sha256))], []);
    }
}
