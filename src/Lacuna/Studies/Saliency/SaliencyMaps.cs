using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Evaluation.Corruptions;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Studies.Saliency;

/// <summary>A subject's Grad-CAM maps of some images, at the images' size.</summary>
/// <param name="Subject">Its name.</param>
/// <param name="Predicted">Class predicted for every image.</param>
/// <param name="Explained">Class that every map explains.</param>
/// <param name="Maps">[H, W] of every image, not negative, as Grad-CAM gives them; enlarged bilinearly from the last stage's size.</param>
internal sealed record SaliencyMaps(string Subject, IReadOnlyList<int> Predicted, IReadOnlyList<int> Explained, IReadOnlyList<float[]> Maps)
{
    /// <summary>Computes the maps of some rows of a set.</summary>
    public static SaliencyMaps Of(Subject subject, ImageSet set, int[] rows, SaliencyOptions options, Compute compute, CancellationToken cancellation)
    {
        var model = (StagedClassifier)subject.Model;
        using var frozen = new FrozenWeights(model);
        List<int> predicted = [], explained = [];
        var maps = new List<float[]>();
        foreach (var batch in new BatchSource(set, rows, compute).InOrder(options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using (batch)
            {
                var images = subject.Shown(batch.Images, compute.Kernels);
                Tensor top;
                using (no_grad()) top = model.call(images).argmax(1);
                var classes = options.ExplainedClass == ExplainedClass.Label ? batch.Labels : top;
                var small = GradCam.Of(model, images, classes);
                predicted.AddRange(Numbers(top));
                explained.AddRange(Numbers(classes));
                maps.AddRange(Enlarged(small, set.Height, set.Width));
            }
        }
        return new(subject.Name, predicted, explained, maps);
    }

    private static IEnumerable<int> Numbers(Tensor classes) => classes.cpu().data<long>().ToArray().Select(c => (int)c);

    private static IEnumerable<float[]> Enlarged(Tensor maps, int height, int width)
    {
        var (h, w) = ((int)maps.size(1), (int)maps.size(2));
        var values = maps.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        return values.Chunk(h * w).Select(map => Enlarge(map, h, w, height, width)).ToArray();
    }

    /// <summary>Bilinear over pixels as areas, the border's values going on outside: interpolate(align_corners=False) of PyTorch.</summary>
    internal static float[] Enlarge(float[] map, int mapHeight, int mapWidth, int height, int width)
    {
        var large = new float[height * width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var taps = new BilinearTaps(mapHeight, mapWidth, (y + 0.5) * mapHeight / height - 0.5, (x + 0.5) * mapWidth / width - 0.5, Border.Reflect);
                large[y * width + x] = (float)taps.Of(map);
            }
        }
        return large;
    }
}
