using System.Buffers.Binary;
using Lacuna.Data.Images;

namespace Lacuna.Tests.Data.ImageFiles;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly ImageDecoder _decoder = new(ImageLimits.Default);

    public ImageDecoderTests() => GoldenImages.RequireLibraries();

    public static TheoryData<string> Files => [.. GoldenImages.Names.Where(name => name.EndsWith(".jpg") || name.EndsWith(".png"))];

    public static TheoryData<string> BadFiles => [.. GoldenImages.Names.Where(name => name.EndsWith(".bad"))];

    public static TheoryData<string> LumaFiles => [.. GoldenImages.Names.Where(name => name.EndsWith(".luma")).Select(Path.GetFileNameWithoutExtension).OfType<string>()];

    [Theory]
    [MemberData(nameof(Files))]
    public void PixelsAreThoseOfPillow(string name)
    {
        // libpng rounds 16 bits to 8, Pillow cuts: one step.
        var tolerance = name.Contains("-16.") ? 1 : 0;
        var expected = GoldenImages.Get(Path.ChangeExtension(name, "rgb"));
        var got = Decode(GoldenImages.Get(name), 3);
        Assert.Equal(expected.Length, got.Length);
        Assert.InRange(expected.Zip(got, (e, g) => Math.Abs(e - g)).Max(), 0, tolerance);
    }

    [Theory]
    [MemberData(nameof(LumaFiles))]
    public void LumaIsThatOfPillow(string name) =>
        Assert.Equal(GoldenImages.Get(name + ".luma"), Decode(GoldenImages.Get(name + (name.StartsWith("jpeg") ? ".jpg" : ".png")), 1));

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void DamagedFilesAreRefused(string name)
    {
        var refusal = Assert.Throws<BadImageException>(() => { _decoder.Decode(GoldenImages.Get(name)); });
        Assert.NotEmpty(refusal.Message);
        Assert.Contains(name.Split('.')[0] switch
        {
            "text" => "neither JPEG nor PNG",
            "empty" => "empty",
            "gif" => "GIF",
            "bomb" => "at most 16384",
            "crc" => "libpng",
            "truncated-half" => "remature end", // of the file, or of a data segment
            _ => "",
        }, refusal.Message);
    }

    [Fact]
    public void HeadersSayWhatDecodingFinds()
    {
        foreach (var row in Files)
        {
            var content = GoldenImages.Get(row.Data);
            var header = ImageHeader.Read(content);
            var image = _decoder.Decode(content);
            Assert.Equal((image.Width, image.Height), (header.Width, header.Height));
            Assert.Equal(row.Data.Contains("grey") || row.Data.Contains("bits"), header.Greyscale);
        }
    }

    /// <summary>Native decoders meet only files that were damaged at random: nothing crashes, hangs, or takes memory that the header does not claim.</summary>
    [Fact]
    public void MutatedFilesAreDecodedOrRefused()
    {
        using var decoder = new ImageDecoder(new(256, 1 << 16));
        var random = new Random(11);
        var refused = 0;
        const int Rounds = 300;
        var files = GoldenImages.Names.Where(name => name.EndsWith(".jpg") || name.EndsWith(".png")).Select(GoldenImages.Get).Where(file => file.Length < 5000).ToArray();
        foreach (var file in files)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var changed = file[..(round % 4 == 0 ? random.Next(file.Length) : file.Length)];
                for (var change = random.Next(1, 8); change > 0 && changed.Length > 0; change--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
                if (round % 2 == 0) RepairCheckSums(changed);
                try
                {
                    decoder.Decode(changed);
                }
                catch (BadImageException)
                {
                    refused++;
                }
            }
        }
        Assert.InRange(refused, files.Length * Rounds / 4, files.Length * Rounds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WrittenPngFilesAreReadBack(int channels)
    {
        var random = new Random(3);
        foreach (var (height, width) in new[] { (1, 1), (3, 200), (131, 17) })
        {
            var pixels = new byte[height * width * channels];
            random.NextBytes(pixels);
            Assert.Equal(pixels, Decode(PngFile.Encode(pixels, height, width, channels), channels));
        }
    }

    public void Dispose() => _decoder.Dispose();

    // Else libpng sees little of a changed file but that its check sums are wrong (PNG specification, annex D).
    private static void RepairCheckSums(byte[] file)
    {
        for (var at = 8; ImageHeader.KindOf(file) == ImageKind.Png && at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12) return;
            var sum = uint.MaxValue;
            foreach (var value in file.AsSpan(at + 4, (int)length + 4))
            {
                sum ^= value;
                for (var bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) * 0xedb88320);
            }
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), ~sum);
            at += (int)length + 12;
        }
    }

    /// <summary>[H, W, channels].</summary>
    private unsafe byte[] Decode(byte[] file, int channels)
    {
        var image = _decoder.Decode(file);
        var count = image.Width * image.Height;
        if (channels == 1) PixelFormats.RedBecomesLuma(image.Pixels, count);
        var planes = new byte[count * channels];
        fixed (byte* to = planes) PixelFormats.ToPlanes(image.Pixels, count, to, count, channels);
        return [.. Enumerable.Range(0, count * channels).Select(i => planes[i % channels * count + i / channels])];
    }
}
