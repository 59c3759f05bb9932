using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Means over as many windows as give an output of the wanted height and width.</summary>
            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long output_size) => AdaptiveAvgPool2d([output_size, output_size]);

            /// <inheritdoc cref="AdaptiveAvgPool2d(long)"/>
            public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) output_size) =>
                AdaptiveAvgPool2d([output_size.Item1, output_size.Item2]);

            /// <inheritdoc cref="AdaptiveAvgPool2d(long)"/>
            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] output_size) => new(output_size);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.AdaptiveAvgPool2d(long)"/>
    public sealed class AdaptiveAvgPool2d : ParameterLessModule<Tensor, Tensor>
    {
        internal AdaptiveAvgPool2d(long[] output_size) : base(nameof(AdaptiveAvgPool2d)) => this.output_size = output_size;

        /// <summary>Height and width of the output.</summary>
        public long[] output_size { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => nn.functional.adaptive_avg_pool2d(input, output_size);
    }
}
