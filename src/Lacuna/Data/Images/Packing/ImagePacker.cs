using Microsoft.Win32.SafeHandles;

namespace Lacuna.Data.Images.Packing;

/// <summary>Decodes images on every core and writes their pixels into a pack, each at its place.</summary>
/// <param name="root">The set's folder.</param>
/// <param name="files">Its images, in the pack's order.</param>
/// <param name="shape">What each becomes.</param>
internal sealed class ImagePacker(string root, FolderFile[] files, ImageShape shape, ImageSizing sizing, ImageLimits limits)
{
    // What a worker collects before it writes.
    private const int MostBytes = 4 << 20;
    private const int MostImages = 256;

    private readonly int _chunk = Math.Clamp(MostBytes / shape.Length, 1, MostImages);
    private readonly string?[] _reasons = new string?[files.Length];
    private int _next;
    private int _done;
    private int _damaged;

    /// <summary>Decodes all images. A damaged one leaves its place with any content.</summary>
    /// <param name="pack">Open for writing.</param>
    /// <param name="offset">Where in it the first image begins.</param>
    /// <returns>For each image what is wrong with it; null where nothing is.</returns>
    public string?[] Run(SafeFileHandle pack, long offset, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var workers = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.For(0, Environment.ProcessorCount, workers, (_, state) => Work(pack, offset, progress, state, cancellation));
        }
        catch (AggregateException e)
        {
            // Several workers may have met the same full disk.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }
        return _reasons;
    }

    private unsafe void Work(SafeFileHandle pack, long offset, IProgress<PackProgress>? progress, ParallelLoopState state, CancellationToken cancellation)
    {
        using var reader = new ImageFileReader();
        using var decoder = new ImageDecoder(limits);
        using var resampler = new Resampler();
        using var collected = new NativeBuffer();
        var pixels = collected.Reserve((long)_chunk * shape.Length);
        while (!state.ShouldExitCurrentIteration)
        {
            var from = (Interlocked.Increment(ref _next) - 1L) * _chunk;
            if (from >= files.Length) return;
            var count = (int)Math.Min(_chunk, files.Length - from);
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Place(files[from + i], pixels + (long)i * shape.Length, reader, decoder, resampler, out _reasons[from + i]);
            }
            RandomAccess.Write(pack, new ReadOnlySpan<byte>(pixels, count * shape.Length), offset + from * shape.Length);
            var bad = 0;
            foreach (var reason in _reasons.AsSpan((int)from, count)) bad += reason is null ? 0 : 1;
            var damaged = Interlocked.Add(ref _damaged, bad);
            progress?.Report(new(Interlocked.Add(ref _done, count), files.Length, damaged));
        }
    }

    private unsafe void Place(FolderFile file, byte* planes, ImageFileReader reader, ImageDecoder decoder, Resampler resampler, out string? reason)
    {
        reason = null;
        try
        {
            var content = reader.Read(Path.Combine(root, file.Path));
            if (content.Length != file.Length) throw new BadImageException($"it changed while it was packed: {content.Length} bytes instead of {file.Length}");
            var image = decoder.Decode(content);
            if (shape.Channels == 1) PixelFormats.RedBecomesLuma(image.Pixels, (long)image.Width * image.Height);
            if (sizing.Stored is { } side)
            {
                resampler.Run(image, sizing.Resize, side, planes, shape.Channels);
                return;
            }
            if ((image.Width, image.Height) != (shape.Width, shape.Height)) throw new BadImageException($"it has {image.Width}x{image.Height} pixels, the others {shape.Width}x{shape.Height}");
            PixelFormats.ToPlanes(image.Pixels, shape.Width * shape.Height, planes, shape.Width * shape.Height, shape.Channels);
        }
        catch (BadImageException e)
        {
            reason = e.Message;
        }
    }
}
