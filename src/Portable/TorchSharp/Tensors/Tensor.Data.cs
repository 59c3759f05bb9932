using System.Runtime.InteropServices;
using TorchSharp.Utils;
using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Elements in and out.
    public partial class Tensor
    {
        /// <summary>
        /// The elements, readable and writable in place; of a tensor on another device, those of a hidden copy.
        /// <typeparamref name="T"/> must be the element type, else <see cref="ArgumentException"/>.
        /// </summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ThrowUnlessHolds<T>();
            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element. <see cref="ArgumentException"/> when there are more, or of another type.</summary>
        public unsafe T item<T>() where T : unmanaged
        {
            ThrowUnlessHolds<T>();
            ThrowUnlessSingle();
            T value;
            Check(lt_read(this, (nint)(&value), sizeof(T)));
            return value;
        }

        public Scalar ToScalar()
        {
            ThrowUnlessSingle();
            return ReadItem();
        }

        /// <summary>The memory of a contiguous CPU tensor, shorter than 2 GiB; valid while the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (device_type != DeviceType.CPU || !is_contiguous())
                    throw new InvalidOperationException($"Only a contiguous tensor on the CPU has bytes to read; this is {this}: call cpu().contiguous() first.");
                Check(lt_nbytes(this, out long length));
                Check(lt_data(this, out nint address));
                return new Span<byte>((void*)address, checked((int)length));
            }
            set
            {
                var own = bytes;
                if (value.Length != own.Length)
                    throw new ArgumentException($"{value.Length} bytes given for a tensor of {own.Length}.", nameof(value));
                value.CopyTo(own);
            }
        }

        public float ReadCpuSingle(long i)
        {
            using var elements = data<float>();
            return elements[Unravel(i)];
        }

        public long ReadCpuInt64(long i)
        {
            using var elements = data<long>();
            return elements[Unravel(i)];
        }

        /// <summary>The same values: shapes, types and elements (NaN differs from NaN).</summary>
        public bool Equals(Tensor target)
        {
            Check(lt_equal(this, target, out bool same));
            return same;
        }

        public override bool Equals(object? obj) => obj is Tensor other && (ReferenceEquals(this, other) || Equals(other));

        /// <summary>By identity, as in the official package: hashing values would read the device.</summary>
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            Check(lt_allclose(this, target, rtol, atol, equal_nan, out bool close));
            return close;
        }

        internal Scalar ReadItem()
        {
            Check(lt_item(this, out var value));
            return value;
        }

        internal unsafe void Read<T>(Span<T> destination) where T : unmanaged
        {
            fixed (T* to = destination)
                Check(lt_read(this, (nint)to, (long)destination.Length * sizeof(T)));
        }

        private void ThrowUnlessHolds<T>() where T : unmanaged
        {
            if (ScalarTypeExtensionMethods.TypeOf<T>() != dtype)
                throw new ArgumentException($"The tensor holds {dtype}, not {typeof(T).Name}: convert it with to(...) first.");
        }

        private void ThrowUnlessSingle()
        {
            if (numel() != 1)
                throw new ArgumentException($"One element is asked of a tensor that has {numel()}.");
        }

        // Row-major position to indices.
        private long[] Unravel(long position)
        {
            var sizes = shape;
            var indices = new long[sizes.Length];
            for (int d = sizes.Length - 1; d >= 0; d--)
                (position, indices[d]) = Math.DivRem(position, sizes[d]);
            return position == 0 ? indices : throw new ArgumentOutOfRangeException(nameof(position), "beyond the last element");
        }
    }
}
