using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>x W^T + b for x of shape ... x inputSize, with W of shape outputSize x inputSize.</summary>
            public static Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            /// <summary>x W^T + b with parameters that are there already; the module takes them over.</summary>
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.Linear(long, long, bool, Device, ScalarType?)"/>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [ComponentName(Name = nameof(bias))] private Parameter? _bias;

        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            in_features = inputSize;
            out_features = outputSize;
            _weight = OwnParameter(empty([outputSize, inputSize], dtype: dtype, device: device));
            _bias = hasBias ? OwnParameter(empty([outputSize], dtype: dtype, device: device)) : null;
            nn.init.AffineDefaults(_weight, _bias);
            RegisterComponents();
        }

        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            long[] shape = weight.shape;
            if (shape.Length != 2)
                throw new ArgumentException($"A linear layer's weight has 2 dimensions, outputs x inputs; this one has {shape.Length}.", nameof(weight));
            (out_features, in_features) = (shape[0], shape[1]);
            this.weight = weight;
            this.bias = bias;
        }

        /// <summary>The size of the input's last dimension.</summary>
        public long in_features { get; }

        /// <summary>The size of the output's last dimension.</summary>
        public long out_features { get; }

        /// <summary>out_features x in_features. Setting it disposes the old one.</summary>
        public Parameter weight
        {
            get => _weight!;
            set => ReplaceParameter(nameof(weight), ref _weight, value ?? throw new ArgumentNullException(nameof(value)));
        }

        /// <summary>out_features values, or null. Setting it disposes the old one.</summary>
        public Parameter? bias
        {
            get => _bias;
            set => ReplaceParameter(nameof(bias), ref _bias, value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, _bias);
    }
}
