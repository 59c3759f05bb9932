using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Copies, and moves between devices and types. Each returns a new tensor, which shares the storage when nothing had to change.
    public partial class Tensor
    {
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(type, null), copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(null, device), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(null, new Device(deviceType, deviceIndex)), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(null, new Device(device)), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(type, device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) =>
            To(new Options(other.dtype, other.device), copy: false, disposeAfter: false, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);

        public Tensor @float() => to(float32);
        public Tensor @double() => to(float64);
        public Tensor half() => to(float16);
        public Tensor @long() => to(int64);
        public Tensor @int() => to(int32);
        public Tensor @byte() => to(uint8);
        public Tensor @bool() => to(torch.@bool);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor clone() => Made(lt_clone(this, out nint result), result);

        public Tensor alias() => Made(lt_alias(this, out nint result), result);

        /// <summary>In memory that a CUDA device can read by itself, for copies with non_blocking; shares the storage when it lies there already. Throws where there is no such device.</summary>
        public Tensor pin_memory() => Made(lt_pin_memory(this, out nint result), result);

        /// <summary>Row-major; shares the storage when it already is.</summary>
        public Tensor contiguous() => Made(lt_contiguous(this, out nint result), result);

        /// <summary>Overwrites the elements with those of <paramref name="source"/>, converted and broadcast.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Check(lt_copy_(this, source, nonBlocking));
            return this;
        }

        private Tensor To(Options where, bool copy, bool disposeAfter, bool nonBlocking)
        {
            var moved = Made(lt_to(this, where, nonBlocking, copy, out nint result), result);
            if (disposeAfter)
                Dispose();
            return moved;
        }
    }
}
