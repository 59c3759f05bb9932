using System.IO.Compression;
using System.Reflection;
using Lacuna.Data.Images;
using Lacuna.Data.Images.Native;

namespace Lacuna.Tests.Data.ImageFiles;

/// <summary>What make_image_golden.py made with Pillow: files and their pixels.</summary>
internal static class GoldenImages
{
    private static readonly Lazy<Dictionary<string, byte[]>> Entries = new(ReadAll);

    public static IEnumerable<string> Names => Entries.Value.Keys;

    public static byte[] Get(string name) => Entries.Value[name];

    /// <summary>Skips a test on a machine without the libraries.</summary>
    public static void RequireLibraries()
    {
        try
        {
            ImageLibraries.Require(ImageLibraries.TurboJpeg);
            ImageLibraries.Require(ImageLibraries.Png);
        }
        catch (ImageLibraryException e)
        {
            Assert.Skip(e.Message);
        }
    }

    private static Dictionary<string, byte[]> ReadAll()
    {
        using var archive = new ZipArchive(Assembly.GetExecutingAssembly().GetManifestResourceStream("ImageFiles.image_golden.zip")!);
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }
}
