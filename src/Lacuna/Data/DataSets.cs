using Lacuna.Data.Cifar;
using Lacuna.Data.Downloads;
using Lacuna.Data.Images;
using Lacuna.Data.Images.Packing;

namespace Lacuna.Data;

/// <summary>Opens whatever data a user names: the bundled set, a downloaded one, or a folder or archive, whose kind shows in its content.</summary>
public static class DataSets
{
    /// <summary>What can be named, for help and messages.</summary>
    public const string Words = $"{BundledData.Name} (bundled), the name of a set that 'lacuna data get' downloads (cifar10, cifar100, cifar20, mnist, fashion-mnist), a folder or .tar.gz of CIFAR files, "
        + "a folder of IDX files, or a folder of images (train/CLASS/*.jpg|png and test/CLASS/*, or CLASS/*)";

    /// <summary>Opens a data set.</summary>
    /// <param name="request">Which, and how.</param>
    /// <param name="progress">Told while a folder of images is packed.</param>
    /// <param name="cancellation">Ends packing; nothing half-made stays.</param>
    /// <exception cref="ArgumentException">The location is no data, or an option does not fit it.</exception>
    /// <exception cref="DataFileException">The files are damaged or do not fit each other.</exception>
    /// <exception cref="DamagedImagesException">Images of a folder are damaged.</exception>
    public static LoadedData Open(DataRequest request, IProgress<PackProgress>? progress = null, CancellationToken cancellation = default)
    {
        request.Folder.Sizing.Validate();
        var location = request.Location;
        if (location == BundledData.Name) return Fixed(request, "bundled", location, new(BundledData.FashionMnist(DataSplit.Train), BundledData.FashionMnist(DataSplit.Test)));
        if (Directory.Exists(location)) return OpenFolder(request, location, progress, cancellation);
        if (File.Exists(location)) return OpenArchive(request, location);
        if (PublicSets.Find(location) is { } set) return OpenDownloaded(request, set);
        throw new ArgumentException($"'{location}' is no data: there is no such folder or file. Give {Words}.");
    }

    private static LoadedData OpenDownloaded(DataRequest request, PublicSet set)
    {
        if (request.Home.Find(set) is null)
            throw new DataFileException(request.Home.FolderOf(set), $"{request.Location} is not there yet. Download it with 'lacuna data get {request.Location}', which also says where to put its files when there is no network; or give the folder where you have it.");
        if (request.Location == PublicSets.Cifar20)
        {
            if (request.Labels == CifarLabels.Fine) throw new ArgumentException($"{PublicSets.Cifar20} is CIFAR-100 with coarse labels. For the fine ones give cifar100.");
            request = request with { Labels = CifarLabels.Coarse };
        }
        return OpenFolder(request, request.Home.FolderOf(set), null, CancellationToken.None);
    }

    private static LoadedData OpenFolder(DataRequest request, string folder, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        if (CifarDataset.TryLoad(folder, request.Labels) is { } cifar) return Fixed(request, "cifar", folder, cifar);
        if (request.Labels is not null) throw new ArgumentException($"{folder} does not hold CIFAR-100, the only set with two kinds of labels. Leave --labels out.");
        if (IdxDataset.TryLoadFolder(folder) is { } idx) return Fixed(request, "idx", folder, idx);
        if (!ImageFolderDataset.Recognises(folder))
            throw new DataFileException(folder, $"holds no data that is known. Looked for {CifarDataset.Sought}; {IdxDataset.Sought}; folders of images (train/CLASS/*.jpg|png, or CLASS/*).");
        var pack = ImageFolderDataset.Open(folder, request.Folder, progress, cancellation);
        return new(pack.Train, pack.Test, Describe(request, "images", folder, new(pack.Train, pack.Test), pack.Skipped.Count), pack);
    }

    private static LoadedData OpenArchive(DataRequest request, string path)
    {
        if (!TarFiles.LooksLikeOne(path))
            throw new DataFileException(path, $"is no tar archive, plain or gzip-compressed. Unpack it and give the folder, or give {Words}.");
        return CifarDataset.TryLoad(path, request.Labels) is { } pair
            ? Fixed(request, "cifar", path, pair)
            : throw new DataFileException(path, $"holds no {CifarDataset.Sought}. Only these are read from archives: unpack others and give the folder.");
    }

    /// <summary>Sets whose images are read as they are.</summary>
    private static LoadedData Fixed(DataRequest request, string kind, string location, ImagePair pair)
    {
        var folder = request.Folder;
        var wrong = folder switch
        {
            { Sizing.Resize: not null } => "--resize",
            { Sizing.Channels: not null } => "--channels",
            { SplitFile: not null } => "--split-file",
            { HeldOut: not null } => "--hold-out",
            _ => null,
        };
        if (wrong is not null) throw new ArgumentException($"{wrong} is for folders of images, and {request.Location} is of another kind. Leave it out.");
        if (request.Labels is not null && kind == "bundled") throw new ArgumentException($"{request.Location} has one kind of label. Leave --labels out.");
        if (folder.Sizing.Given is { } size) pair = new(pair.Train.GivenAt(size, size), pair.Test.GivenAt(size, size));
        return new(pair.Train, pair.Test, Describe(request, kind, location, pair, skipped: 0));
    }

    private static DataSource Describe(DataRequest request, string kind, string location, ImagePair pair, int skipped) => new(
        kind == "bundled" ? location : Path.GetFullPath(location), kind, DataPart.Of(pair.Train), DataPart.Of(pair.Test), request.Labels,
        request.Folder.Sizing.Resize, request.Folder.Sizing.Given, request.Folder.SplitFile is { } file ? Path.GetFullPath(file) : null, request.Folder.HeldOut?.Share, skipped);
}
