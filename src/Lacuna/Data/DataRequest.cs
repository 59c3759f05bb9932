using Lacuna.Data.Downloads;
using Lacuna.Data.Images;

namespace Lacuna.Data;

/// <summary>Which data, and how: what <c>--data</c> and the options beside it say.</summary>
/// <param name="Location">The bundled set's name, a downloaded one's, a folder or an archive.</param>
public sealed record DataRequest(string Location)
{
    /// <summary>Which of CIFAR-100's labels are the classes; null for the fine ones.</summary>
    public CifarLabels? Labels { get; init; }

    /// <summary>How a folder of images is read.</summary>
    public ImageFolderOptions Folder { get; init; } = new();

    /// <summary>Where downloaded sets are.</summary>
    public DataHome Home { get; init; } = DataHome.Default;
}
