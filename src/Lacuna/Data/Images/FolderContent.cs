using Lacuna.Numerics;

namespace Lacuna.Data.Images;

/// <summary>The files of an image folder, divided into training and test images.</summary>
/// <param name="Root">The folder, in full.</param>
/// <param name="ClassNames">The classes in the order of their indices.</param>
/// <param name="Train">Training images, class by class.</param>
/// <param name="Test">Test images, class by class.</param>
/// <param name="OtherFiles">Files that are no images by their name.</param>
internal sealed record FolderContent(string Root, string[] ClassNames, FolderFile[] Train, FolderFile[] Test, int OtherFiles)
{
    // In the order in which they are taken: a set with both has its test images in the first.
    private static readonly string[] TestFolders = ["test", "val"];

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DataFileException">It is not laid out as an image folder is; the message says what is missing.</exception>
    public static FolderContent List(string root, ImageFolderOptions options, CancellationToken cancellation)
    {
        if (!Directory.Exists(root)) throw new DataFileException(root, "is no folder. Give the folder that holds train/CLASS/ and test/CLASS/.");
        var train = Path.Combine(root, "train");
        var test = TestFolders.Select(name => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
        var hasTrain = Directory.Exists(train);
        if (options.SplitFile is { } split)
        {
            if (options.HeldOut is not null) throw new DataFileException(root, "cannot be divided by a split file and by a held-out share at once. Give one of the two.");
            if (hasTrain) throw new DataFileException(root, "has a folder 'train', so that a split file is not needed. Leave it out, or give the folder that holds the class folders.");
            var tree = ClassTree.List(root, root, cancellation);
            var (forTraining, forTesting) = SplitFile.Divide(split, tree);
            return new(root, tree.ClassNames, forTraining, forTesting, tree.OtherFiles);
        }
        if (options.HeldOut is { } held)
        {
            if (hasTrain && test is not null) throw new DataFileException(root, $"has test images of its own in {Path.GetFileName(test)}; none need be held out. Leave the share out.");
            var tree = ClassTree.List(root, hasTrain ? train : root, cancellation);
            var (forTraining, forTesting) = HoldOut(held, tree);
            return new(root, tree.ClassNames, forTraining, forTesting, tree.OtherFiles);
        }
        if (!hasTrain || test is null)
        {
            throw new DataFileException(root, hasTrain
                ? "has 'train', but neither 'test' nor 'val'. Add the folder of test images, or have a share of the training images held out (--hold-out)."
                : "has no folder 'train'. Lay it out as train/CLASS/*.jpg and test/CLASS/*.jpg; or, with CLASS/*.jpg alone, give a split file (--split-file) or have a share held out for testing (--hold-out).");
        }
        var (trainTree, testTree) = (ClassTree.List(root, train, cancellation), ClassTree.List(root, test, cancellation));
        CheckSameClasses(trainTree, testTree);
        return new(root, trainTree.ClassNames, trainTree.Files, testTree.Files, trainTree.OtherFiles + testTree.OtherFiles);
    }

    private static void CheckSameClasses(ClassTree train, ClassTree test)
    {
        string Only(ClassTree one, ClassTree other) => one.ClassNames.Except(other.ClassNames).ToArray() is { Length: > 0 } only
            ? $" Only in {Path.GetFileName(one.Folder)}: {string.Join(", ", only.Take(10))}{(only.Length > 10 ? $" and {only.Length - 10} more" : "")}."
            : "";
        var difference = Only(train, test) + Only(test, train);
        if (difference.Length > 0) throw new DataFileException(test.Folder, $"does not have the class folders of {train.Folder}.{difference} Give both the same ones.");
    }

    private static (FolderFile[] Train, FolderFile[] Test) HoldOut(HeldOutShare held, ClassTree tree)
    {
        held.Validate();
        var draws = new DrawSource(held.Seed);
        var chosen = new HashSet<string>();
        foreach (var ofClass in tree.Files.GroupBy(file => file.Label))
        {
            FolderFile[] files = [.. ofClass];
            if (files.Length < 2) throw new DataFileException(tree.Folder, $"class {tree.ClassNames[ofClass.Key]} has {files.Length} image; at least 2 are needed to hold one out.");
            var count = Math.Clamp((int)Math.Round(held.Share * files.Length, MidpointRounding.AwayFromZero), 1, files.Length - 1);
            foreach (var index in draws.Choose(count, files.Length, DrawPurpose.Split, ofClass.Key)) chosen.Add(files[index].Path);
        }
        return (Array.FindAll(tree.Files, file => !chosen.Contains(file.Path)), Array.FindAll(tree.Files, file => chosen.Contains(file.Path)));
    }
}
