namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers on the CPU, or the default one of a device.</summary>
    public sealed class Generator : IDisposable
    {
        private nint handle;

        /// <summary>A new stream. libtorch's own headers offer new ones for the CPU only; see <see cref="Default"/> for CUDA.</summary>
        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is { type: not DeviceType.CPU })
                throw new NotSupportedException($"A generator of its own on {device}: only the CPU has one; use torch.manual_seed for the device's default generator.");
            this.device = CPU;
            Native.Check(Native.lt_generator_new(seed, out handle));
        }

        private Generator(Device device)
        {
            this.device = device;
            Native.Check(Native.lt_generator_default((int)device.type, device.index, out handle));
        }

        ~Generator() => Release();

        /// <summary>The generator that every random operation on the CPU uses when it is given none.</summary>
        public static Generator Default { get; } = new(CPU);

        public Device device { get; }

        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.lt_generator_seed(Handle, unchecked((ulong)seed)));
            GC.KeepAlive(this);
            return this;
        }

        public long initial_seed()
        {
            Native.Check(Native.lt_generator_initial_seed(Handle, out ulong seed));
            GC.KeepAlive(this);
            return unchecked((long)seed);
        }

        public Tensor get_state()
        {
            var state = Native.Made(Native.lt_generator_state(Handle, out nint result), result);
            GC.KeepAlive(this);
            return state;
        }

        public void set_state(Tensor value)
        {
            Native.Check(Native.lt_generator_set_state(Handle, value));
            GC.KeepAlive(this);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            nint taken = Interlocked.Exchange(ref handle, 0);
            if (taken != 0)
                Native.lt_generator_release(taken);
        }
    }
}
