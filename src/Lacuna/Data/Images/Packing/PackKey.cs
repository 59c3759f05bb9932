using System.Security.Cryptography;
using System.Text;

namespace Lacuna.Data.Images.Packing;

/// <summary>
/// What a pack is found by. The key is a hash over every file's path, length, time of last change (to 100 ns), class and set, and over the options that
/// change pixels; so any file that was added, removed, moved or written since makes another key, and no file need be opened to see it. Not noticed is
/// a file that was given other content of the same length and its old time on purpose. The root's own path is not in it: a folder may be moved.
/// </summary>
internal static class PackKey
{
    public static string Of(FolderContent content, ImageFolderOptions options)
    {
        using var hash = SHA256.Create();
        using (var writer = new BinaryWriter(new BufferedStream(new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write), 1 << 16)))
        {
            writer.Write(PackHeader.Version);
            writer.Write(OptionText(options));
            foreach (var name in content.ClassNames) writer.Write(name);
            foreach (var files in new[] { content.Train, content.Test })
            {
                writer.Write(files.Length);
                foreach (var file in files)
                {
                    writer.Write(file.Path);
                    writer.Write(file.Length);
                    writer.Write(file.Changed);
                    writer.Write(file.Label);
                }
            }
        }
        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>A short name for one folder under one choice of options, whatever its files are: a new pack of it replaces the old one.</summary>
    public static string OfSource(string root, ImageFolderOptions options) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{root}\n{options.SplitFile}\n{options.HeldOut}\n{OptionText(options)}")))[..16];

    private static string OptionText(ImageFolderOptions options) =>
        $"{options.Sizing.Resize},{options.Sizing.Stored},{options.Sizing.Channels},{options.Limits.MostSide},{options.Limits.MostPixels}";
}
