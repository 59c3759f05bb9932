using System.Globalization;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>Size of a device's largest cache.</summary>
internal static class DeviceCache
{
    // L2 of an H200 has 50 MiB, of a B200 126.
    private const long Cuda = 128L << 20;
    private const long UnknownCpu = 64L << 20;

    public static long Bytes(Device device) => device.type == DeviceType.CUDA ? Cuda : Processor();

    private static long Processor()
    {
        const string folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(folder)) return UnknownCpu;
        var sizes = Directory.EnumerateDirectories(folder, "index*").Select(index => Path.Combine(index, "size")).Where(System.IO.File.Exists).Select(file => Parse(System.IO.File.ReadAllText(file).Trim()));
        return sizes.DefaultIfEmpty(UnknownCpu).Max();
    }

    // As the kernel writes it: 32768K, 32M.
    private static long Parse(string text)
    {
        var unit = text.Length == 0 ? 1 : text[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 1 };
        return long.TryParse(text.TrimEnd('K', 'M', 'G'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number * unit : 0;
    }
}
