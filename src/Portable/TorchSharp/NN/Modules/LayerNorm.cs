using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Normalises each row over the last dimension, of size <paramref name="normalized_shape"/>, then scales and shifts.</summary>
            public static LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            /// <summary>Normalises over the last dimensions, of sizes <paramref name="normalized_shape"/>, then scales and shifts.</summary>
            public static LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.LayerNorm(long[], double, bool, bool, Device, ScalarType?)"/>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [ComponentName(Name = nameof(bias))] private Parameter? _bias;

        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            this.normalized_shape = normalized_shape;
            this.eps = eps;
            this.elementwise_affine = elementwise_affine;
            if (elementwise_affine)
            {
                _weight = OwnParameter(ones(normalized_shape, dtype: dtype, device: device));
                if (bias) _bias = OwnParameter(zeros(normalized_shape, dtype: dtype, device: device));
            }

            RegisterComponents();
        }

        /// <summary>Sizes of the last dimensions, over which means and variances are taken.</summary>
        public long[] normalized_shape { get; }

        /// <summary>Added to the variance.</summary>
        public double eps { get; set; }

        /// <summary>Whether there is a weight, and perhaps a bias.</summary>
        public bool elementwise_affine { get; }

        /// <summary>Scales, of shape normalized_shape; null without elementwise_affine. Setting it disposes the old one.</summary>
        public Parameter weight
        {
            get => _weight!;
            set => ReplaceParameter(nameof(weight), ref _weight, value);
        }

        /// <summary>Shifts, of shape normalized_shape, or null. Setting it disposes the old one.</summary>
        public Parameter? bias
        {
            get => _bias;
            set => ReplaceParameter(nameof(bias), ref _bias, value);
        }

        /// <summary>Sets scales to one and shifts to zero.</summary>
        public void reset_parameters()
        {
            if (_weight is not null) nn.init.ones_(_weight);
            if (_bias is not null) nn.init.zeros_(_bias);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, _weight, _bias, eps);
    }
}
