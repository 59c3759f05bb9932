using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Views and other arrangements of the same elements.
    public partial class Tensor
    {
        /// <summary>The same storage in another shape; -1 stands for what is left. Throws where strides do not allow it.</summary>
        public Tensor view(params ReadOnlySpan<long> shape) => Made(lt_view(this, shape, shape.Length, out nint result), result);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor reshape(params ReadOnlySpan<long> shape) => Made(lt_reshape(this, shape, shape.Length, out nint result), result);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Made(lt_flatten(this, start_dim, end_dim, out nint result), result);
        public Tensor permute(params ReadOnlySpan<long> permutation) => Made(lt_permute(this, permutation, permutation.Length, out nint result), result);
        public Tensor transpose(long dim0, long dim1) => Made(lt_transpose(this, dim0, dim1, out nint result), result);
        public Tensor t() => Made(lt_t(this, out nint result), result);
        public Tensor T => ndim == 2 ? t() : permute(Enumerable.Range(0, (int)ndim).Select(d => (long)d).Reverse().ToArray());
        public Tensor unsqueeze(long dim) => Made(lt_unsqueeze(this, dim, out nint result), result);
        public Tensor squeeze(long? dim = null) => dim is { } one
            ? Made(lt_squeeze_dim(this, one, out nint result), result)
            : Made(lt_squeeze(this, out nint all), all);
        public Tensor expand(params ReadOnlySpan<long> sizes) => Made(lt_expand(this, sizes, sizes.Length, out nint result), result);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor repeat(params ReadOnlySpan<long> sizes) => Made(lt_repeat(this, sizes, sizes.Length, out nint result), result);
        public Tensor flip(params ReadOnlySpan<long> dims) => Made(lt_flip(this, dims, dims.Length, out nint result), result);

        /// <summary>Shifts with wrap-around, per dimension; without dimensions, the flattened tensor.</summary>
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Made(lt_roll(this, shifts, shifts.Length, dims, dims.Length, out nint result), result);
        public Tensor roll(long shifts, long? dims = null) => roll([shifts], dims is { } dim ? [dim] : []);
        public Tensor tril(long diagonal = 0) => Made(lt_tril(this, diagonal, out nint result), result);
        public Tensor triu(long diagonal = 0) => Made(lt_triu(this, diagonal, out nint result), result);
        public Tensor diag(long diagonal = 0) => Made(lt_diag(this, diagonal, out nint result), result);

        public Tensor narrow(long dim, long start, long length) => Made(lt_narrow(this, dim, start, length, out nint result), result);
        public Tensor slice(long dim, long start, long finish, long step) => Made(lt_slice(this, dim, start, finish, step, out nint result), result);
        public Tensor select(long dim, long index) => Made(lt_select(this, dim, index, out nint result), result);

        public Tensor[] unbind(long dimension = 0)
        {
            var handles = new nint[Room(dimension)];
            return Made(lt_unbind(this, dimension, handles, handles.Length, out int count), handles.AsSpan(0, count));
        }

        public Tensor[] chunk(long chunks, long dim = 0)
        {
            // An empty dimension is cut into as many empty pieces as are asked for.
            long room = Room(dim);
            var handles = new nint[room == 0 ? Math.Max(chunks, 0) : Math.Clamp(chunks, 0, room)];
            return Made(lt_chunk(this, chunks, dim, handles, handles.Length, out int count), handles.AsSpan(0, count));
        }

        /// <summary>Parts of <paramref name="size"/>; the last may be shorter.</summary>
        public Tensor[] split(long size, int dim = 0)
        {
            var handles = new nint[Math.Max(1, Room(dim))];
            return Made(lt_split(this, size, dim, handles, handles.Length, out int count), handles.AsSpan(0, count));
        }

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0)
        {
            var handles = new nint[sizes.Length];
            return Made(lt_split_sizes(this, sizes, sizes.Length, dim, handles, handles.Length, out int count), handles.AsSpan(0, count));
        }

        // An upper bound for pieces along a dimension. A dimension that does not exist is left for libtorch to refuse.
        private long Room(long dim)
        {
            var sizes = shape;
            long at = dim < 0 ? dim + sizes.Length : dim;
            return at >= 0 && at < sizes.Length ? sizes[at] : 0;
        }
    }
}
