using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // What a tensor is: shape, strides, type, device.
    public partial class Tensor
    {
        private const int UsualRank = 8;

        private ScalarType? cachedType;
        private Device? cachedDevice;

        /// <summary>A new array each time, since in-place operations may change it.</summary>
        public long[] shape
        {
            get
            {
                Span<long> values = stackalloc long[UsualRank];
                Check(lt_sizes(this, values, UsualRank, out int rank));
                if (rank <= UsualRank)
                    return values[..rank].ToArray();
                var all = new long[rank];
                Check(lt_sizes(this, all, rank, out _));
                return all;
            }
        }

        public long[] size() => shape;

        /// <summary>The size of one dimension; negative ones count from the end.</summary>
        public long size(int dim)
        {
            Span<long> values = stackalloc long[UsualRank];
            Check(lt_sizes(this, values, UsualRank, out int rank));
            int at = Wrap(dim, rank);
            return rank <= UsualRank ? values[at] : shape[at];
        }

        /// <summary>Elements, not bytes, from one index to the next, per dimension.</summary>
        public long[] stride()
        {
            Span<long> values = stackalloc long[UsualRank];
            Check(lt_strides(this, values, UsualRank, out int rank));
            if (rank <= UsualRank)
                return values[..rank].ToArray();
            var all = new long[rank];
            Check(lt_strides(this, all, rank, out _));
            return all;
        }

        public long stride(int dim)
        {
            var all = stride();
            return all[Wrap(dim, all.Length)];
        }

        public long dim()
        {
            Check(lt_dim(this, out int rank));
            return rank;
        }

        public long ndim => dim();

        public long Dimensions => dim();

        public long numel()
        {
            Check(lt_numel(this, out long count));
            return count;
        }

        public long NumberOfElements => numel();

        public ScalarType dtype
        {
            get
            {
                if (cachedType is { } known && handle != 0)
                    return known;
                Check(lt_dtype(this, out int type));
                cachedType = (ScalarType)type;
                return (ScalarType)type;
            }
        }

        public Device device
        {
            get
            {
                if (cachedDevice is not null && handle != 0)
                    return cachedDevice;
                Check(lt_device(this, out int type, out int index));
                return cachedDevice = (DeviceType)type == DeviceType.CPU ? CPU : new Device((DeviceType)type, index);
            }
        }

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() => dtype.IsFloatingPoint();

        /// <summary>Bytes of one element.</summary>
        public long element_size()
        {
            Check(lt_element_size(this, out long bytes));
            return bytes;
        }

        public long ElementSize => element_size();

        /// <summary>Elements between the start of the storage and this tensor's first one.</summary>
        public long storage_offset()
        {
            Check(lt_storage_offset(this, out long offset));
            return offset;
        }

        public bool is_contiguous()
        {
            Check(lt_is_contiguous(this, out bool contiguous));
            return contiguous;
        }

        private static int Wrap(int dim, int rank)
        {
            int at = dim < 0 ? dim + rank : dim;
            if (at < 0 || at >= rank)
                throw new ArgumentOutOfRangeException(nameof(dim), dim, $"A tensor of {rank} dimensions has dimensions {-rank} to {rank - 1}.");
            return at;
        }
    }
}
