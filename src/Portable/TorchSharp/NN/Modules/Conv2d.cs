using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>
            /// Cross-correlation of an N x in_channels x H x W tensor with out_channels filters of shape
            /// in_channels/groups x kernel height x kernel width.
            /// </summary>
            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], [dilation, dilation],
                    padding_mode, groups, bias, device, dtype);

            /// <inheritdoc cref="Conv2d(long, long, long, long, long, long, PaddingModes, long, bool, Device, ScalarType?)"/>
            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size.Item1, kernel_size.Item2], Pair(stride) ?? [1, 1], Pair(padding) ?? [0, 0],
                    Pair(dilation) ?? [1, 1], padding_mode, groups, bias, device, dtype);

            /// <inheritdoc cref="Conv2d(long, long, long, long, long, long, PaddingModes, long, bool, Device, ScalarType?)"/>
            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], padding, [dilation, dilation],
                    padding_mode, groups, bias, device, dtype);

            /// <inheritdoc cref="Conv2d(long, long, long, long, long, long, PaddingModes, long, bool, Device, ScalarType?)"/>
            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size.Item1, kernel_size.Item2], Pair(stride) ?? [1, 1], padding,
                    Pair(dilation) ?? [1, 1], padding_mode, groups, bias, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.Conv2d(long, long, long, long, long, long, PaddingModes, long, bool, Device, ScalarType?)"/>
    public sealed class Conv2d : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [ComponentName(Name = nameof(bias))] private Parameter? _bias;

        /// <summary>Columns left and right, rows above and below to add before a convolution without padding; null where it pads itself.</summary>
        private readonly long[]? _border;

        /// <summary>Rows and columns of zeros that the convolution itself adds on each side.</summary>
        private readonly long[] _ownPadding;

        internal Conv2d(
            long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation,
            PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : this(in_channels, out_channels, kernel_size, stride, [padding[1], padding[1], padding[0], padding[0]], dilation,
                padding_mode, groups, bias, device, dtype, padding, null)
        {
        }

        internal Conv2d(
            long in_channels, long out_channels, long[] kernel_size, long[] stride, Padding padding, long[] dilation,
            PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : this(in_channels, out_channels, kernel_size, stride, Border(padding, kernel_size, stride, dilation), dilation,
                padding_mode, groups, bias, device, dtype, null, padding)
        {
        }

        private Conv2d(
            long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] border, long[] dilation,
            PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype, long[]? padding, Padding? padding_type)
            : base(nameof(Conv2d))
        {
            if (groups < 1 || in_channels % groups != 0 || out_channels % groups != 0)
                throw new ArgumentException(
                    $"{groups} groups do not divide {in_channels} input and {out_channels} output channels evenly.", nameof(groups));

            this.in_channels = in_channels;
            this.out_channels = out_channels;
            this.kernel_size = kernel_size;
            this.stride = stride;
            this.padding = padding;
            this.padding_type = padding_type;
            this.dilation = dilation;
            this.padding_mode = padding_mode;
            this.groups = groups;

            bool padsItself = padding_mode == PaddingModes.Zeros && border[0] == border[1] && border[2] == border[3];
            _border = padsItself ? null : border;
            _ownPadding = padsItself ? [border[2], border[0]] : [0, 0];
            _weight = OwnParameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype: dtype, device: device));
            _bias = bias ? OwnParameter(empty([out_channels], dtype: dtype, device: device)) : null;
            reset_parameters();
            RegisterComponents();
        }

        /// <summary>The channels of the input.</summary>
        public long in_channels { get; }

        /// <summary>The channels of the output.</summary>
        public long out_channels { get; }

        /// <summary>Height and width of a filter.</summary>
        public long[] kernel_size { get; }

        /// <summary>Steps down and right.</summary>
        public long[] stride { get; }

        /// <summary>Rows and columns added on each side; null where <see cref="padding_type"/> says it.</summary>
        public long[]? padding { get; }

        /// <summary>The padding by its effect; null where <see cref="padding"/> gives numbers.</summary>
        public Padding? padding_type { get; }

        /// <summary>Distance between the filter's elements, down and right.</summary>
        public long[] dilation { get; }

        /// <summary>What the padding is filled with.</summary>
        public PaddingModes padding_mode { get; }

        /// <summary>Into how many independent parts the channels fall.</summary>
        public long groups { get; }

        /// <summary>out_channels x in_channels/groups x height x width. Setting it disposes the old one.</summary>
        public Parameter weight
        {
            get => _weight!;
            set => ReplaceParameter(nameof(weight), ref _weight, value ?? throw new ArgumentNullException(nameof(value)));
        }

        /// <summary>out_channels values, or null. Setting it disposes the old one.</summary>
        public Parameter? bias
        {
            get => _bias;
            set => ReplaceParameter(nameof(bias), ref _bias, value);
        }

        /// <summary>Draws weight and bias anew, by PyTorch's default law.</summary>
        public void reset_parameters() => nn.init.AffineDefaults(weight, _bias);

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            if (_border is null) return nn.functional.conv2d(input, weight, _bias, stride, _ownPadding, dilation, groups);

            PaddingModes fill = padding_mode == PaddingModes.Zeros ? PaddingModes.Constant : padding_mode;
            using Tensor padded = nn.functional.pad(input, _border, fill);
            return nn.functional.conv2d(padded, weight, _bias, stride, _ownPadding, dilation, groups);
        }

        private static long[] Border(Padding padding, long[] kernelSize, long[] stride, long[] dilation)
        {
            if (padding == Padding.Valid) return [0, 0, 0, 0];
            if (stride[0] != 1 || stride[1] != 1)
                throw new ArgumentException($"Padding.Same keeps the size only at stride 1, not {stride[0]} x {stride[1]}.", nameof(stride));
            long rows = dilation[0] * (kernelSize[0] - 1), columns = dilation[1] * (kernelSize[1] - 1);
            return [columns / 2, columns - (columns / 2), rows / 2, rows - (rows / 2)];
        }
    }
}
