using Lacuna.Data.Images;
using Lacuna.Data.Images.Native;

namespace Lacuna.Tests.Data.ImageFiles;

public sealed class ImageLibrariesTests
{
    [Fact]
    public void AMissingLibraryIsExplained() =>
        Assert.Contains("apt-get install libturbojpeg0 libpng16-16", Assert.Throws<ImageLibraryException>(() => ImageLibraries.Require("no-such-library")).Message);
}
