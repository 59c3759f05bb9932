using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A place where tensors live: "cpu", "cuda" (the current one, index -1) or "cuda:1".</summary>
    public sealed class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(string deviceType, int index = -1) : this(ParseType(deviceType, deviceType), index) { }

        /// <summary>A name with or without an index, such as "cuda:1"; anything else throws <see cref="ArgumentException"/>.</summary>
        public Device(string description)
        {
            int colon = description.IndexOf(':');
            type = ParseType(colon < 0 ? description : description[..colon], description);
            index = colon < 0 ? -1
                : int.TryParse(description.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
                : throw Unknown(description);
        }

        public Device(int index) : this(DeviceType.CUDA, index) { }

        public DeviceType type { get; }

        /// <summary>-1: the current device of this type.</summary>
        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString()
        {
            string name = type.ToString().ToLowerInvariant();
            return index < 0 || type == DeviceType.CPU ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{index}");
        }

        private static DeviceType ParseType(string name, string description) => name switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "meta" => DeviceType.META,
            _ => throw Unknown(description),
        };

        private static ArgumentException Unknown(string description) =>
            new($"'{description}' is no device: write cpu, cuda, cuda:N or meta");
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(index);
}
