using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Elements by place: brackets, gather and scatter, masks.
    public partial class Tensor
    {
        public Tensor index(params TensorIndex[] indices)
        {
            var native = ToNative(indices);
            var chosen = Made(lt_index(this, native, native.Length, out nint result), result);
            GC.KeepAlive(indices);
            return chosen;
        }

        public Tensor index(params Tensor[] indices) => index(Wrapped(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var native = ToNative(indices);
            Check(lt_index_put_(this, native, native.Length, value));
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            var native = ToNative(indices);
            Check(lt_index_put_scalar_(this, native, native.Length, value));
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Wrapped(indices));
        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Wrapped(indices));

        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        public Tensor this[long i1, long i2]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2));
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3));
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4));
        }

        public Tensor index_select(long dim, Tensor index) => Made(lt_index_select(this, dim, index, out nint result), result);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Self(lt_index_copy_(this, dim, index, source));
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Self(lt_index_add_(this, dim, index, source, alpha));
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Self(lt_index_fill_(this, dim, index, value));
        public Tensor gather(long dim, Tensor index) => Made(lt_gather(this, dim, index, out nint result), result);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Made(lt_scatter(this, dim, index, src, out nint result), result);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Self(lt_scatter_(this, dim, index, src));
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Self(lt_scatter_add_(this, dim, index, src));
        public Tensor masked_fill(Tensor mask, Scalar value) => Made(lt_masked_fill(this, mask, value, out nint result), result);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Self(lt_masked_fill_(this, mask, value));
        public Tensor masked_select(Tensor mask) => Made(lt_masked_select(this, mask, out nint result), result);

        /// <summary>From the flattened tensor.</summary>
        public Tensor take(Tensor index) => Made(lt_take(this, index, out nint result), result);

        /// <summary>Indices of the elements that are not zero: [count, dimensions].</summary>
        public Tensor nonzero() => Made(lt_nonzero(this, out nint result), result);

        private static Native.Index[] ToNative(TensorIndex[] indices) => Array.ConvertAll(indices, index => index.ToNative());

        private static TensorIndex[] Wrapped(Tensor[] indices) => Array.ConvertAll(indices, TensorIndex.Tensor);
    }
}
