using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>The largest value in each window of an N x C x H x W tensor; the stride is the window's size unless given.</summary>
            public static MaxPool2d MaxPool2d(
                long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                MaxPool2d([kernel_size, kernel_size], Square(stride), Square(padding), Square(dilation), ceil_mode);

            /// <inheritdoc cref="MaxPool2d(long, long?, long?, long?, bool)"/>
            public static MaxPool2d MaxPool2d(
                (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null,
                bool ceil_mode = false) =>
                MaxPool2d([kernel_size.Item1, kernel_size.Item2], Pair(stride), Pair(padding), Pair(dilation), ceil_mode);

            /// <inheritdoc cref="MaxPool2d(long, long?, long?, long?, bool)"/>
            public static MaxPool2d MaxPool2d(
                long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                new(kernel_size, stride ?? kernel_size, padding ?? [0, 0], dilation ?? [1, 1], ceil_mode);

            private static long[]? Square(long? side) => side is { } both ? [both, both] : null;

            private static long[]? Pair((long, long)? sides) => sides is (long height, long width) ? [height, width] : null;
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.MaxPool2d(long, long?, long?, long?, bool)"/>
    public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
    {
        internal MaxPool2d(long[] kernel_size, long[] stride, long[] padding, long[] dilation, bool ceil_mode) : base(nameof(MaxPool2d))
        {
            this.kernel_size = kernel_size;
            this.stride = stride;
            this.padding = padding;
            this.dilation = dilation;
            this.ceil_mode = ceil_mode;
        }

        /// <summary>Height and width of the window.</summary>
        public long[] kernel_size { get; set; }

        /// <summary>Steps down and right.</summary>
        public long[] stride { get; set; }

        /// <summary>Rows and columns of minus infinity added on each side.</summary>
        public long[] padding { get; set; }

        /// <summary>Distance between the window's elements, down and right.</summary>
        public long[] dilation { get; set; }

        /// <summary>Whether a last, partial window counts.</summary>
        public bool ceil_mode { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) =>
            nn.functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);
    }
}
