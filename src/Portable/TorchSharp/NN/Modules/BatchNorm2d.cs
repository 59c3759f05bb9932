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
            /// Normalises each channel of an N x C x H x W tensor, then scales and shifts it: in training with the batch's mean and
            /// biased variance, in evaluation with the running ones.
            /// </summary>
            public static BatchNorm2d BatchNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.BatchNorm2d"/>
    public sealed class BatchNorm2d : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [ComponentName(Name = nameof(bias))] private Parameter? _bias;
        [ComponentName(Name = nameof(running_mean))] private Tensor? _runningMean;
        [ComponentName(Name = nameof(running_var))] private Tensor? _runningVar;
        [ComponentName(Name = nameof(num_batches_tracked))] private Tensor? _batchesTracked;

        internal BatchNorm2d(
            long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm2d))
        {
            this.num_features = num_features;
            this.eps = eps;
            this.momentum = momentum;
            this.affine = affine;
            this.track_running_stats = track_running_stats;
            long[] channels = [num_features];
            if (affine)
            {
                _weight = OwnParameter(ones(channels, dtype: dtype, device: device));
                _bias = OwnParameter(zeros(channels, dtype: dtype, device: device));
            }

            if (track_running_stats)
            {
                _runningMean = OwnBuffer(zeros(channels, dtype: dtype, device: device));
                _runningVar = OwnBuffer(ones(channels, dtype: dtype, device: device));
                _batchesTracked = OwnBuffer(zeros(Array.Empty<long>(), dtype: ScalarType.Int64, device: device));
            }

            RegisterComponents();
        }

        /// <summary>The number of channels.</summary>
        public long num_features { get; }

        /// <summary>Added to the variance.</summary>
        public double eps { get; set; }

        /// <summary>The weight of a new batch in the running statistics; null takes the plain mean over all batches.</summary>
        public double? momentum { get; set; }

        /// <summary>Whether there are weight and bias.</summary>
        public bool affine { get; }

        /// <summary>Whether running statistics are kept; without them evaluation uses the batch's too.</summary>
        public bool track_running_stats { get; }

        /// <summary>A scale a channel; null if not affine. Setting it disposes the old one.</summary>
        public Parameter weight
        {
            get => _weight!;
            set => ReplaceParameter(nameof(weight), ref _weight, value);
        }

        /// <summary>A shift a channel, or null. Setting it disposes the old one.</summary>
        public Parameter? bias
        {
            get => _bias;
            set => ReplaceParameter(nameof(bias), ref _bias, value);
        }

        /// <summary>The running mean a channel, or null. Setting it disposes the old one.</summary>
        public Tensor? running_mean
        {
            get => _runningMean;
            set => ReplaceBuffer(nameof(running_mean), ref _runningMean, value);
        }

        /// <summary>The running unbiased variance a channel, or null. Setting it disposes the old one.</summary>
        public Tensor? running_var
        {
            get => _runningVar;
            set => ReplaceBuffer(nameof(running_var), ref _runningVar, value);
        }

        /// <summary>How many batches the running statistics have seen (a 64-bit integer), or null. Setting it disposes the old one.</summary>
        public Tensor? num_batches_tracked
        {
            get => _batchesTracked;
            set => ReplaceBuffer(nameof(num_batches_tracked), ref _batchesTracked, value);
        }

        /// <summary>Forgets the running statistics: mean zero, variance one.</summary>
        public void reset_running_stats()
        {
            _runningMean?.zero_();
            _runningVar?.fill_(1);
            _batchesTracked?.zero_();
        }

        /// <summary>Forgets the running statistics, sets scales to one and shifts to zero.</summary>
        public void reset_parameters()
        {
            reset_running_stats();
            if (_weight is not null) nn.init.ones_(_weight);
            if (_bias is not null) nn.init.zeros_(_bias);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            long[] shape = input.shape;
            if (shape.Length != 4)
                throw new ArgumentException($"BatchNorm2d takes N x C x H x W; this input has {shape.Length} dimensions.", nameof(input));

            bool byBatch = training || _runningMean is null || _runningVar is null;
            if (byBatch && shape[0] * shape[2] * shape[3] == 1)
                throw new ArgumentException(
                    "One value a channel has no variance to train with: give a larger batch, or call eval() first.", nameof(input));

            bool updates = training && track_running_stats && !(_runningMean is null || _runningVar is null);
            return nn.functional.batch_norm(
                input, updates || !byBatch ? _runningMean : null, updates || !byBatch ? _runningVar : null, _weight, _bias, byBatch,
                updates ? CountBatch() : 0, eps);
        }

        /// <summary>Counts a training batch and returns its weight in the running statistics.</summary>
        private double CountBatch()
        {
            _batchesTracked?.add_(1);
            return momentum ?? (_batchesTracked is null ? 0 : 1.0 / _batchesTracked.item<long>());
        }
    }
}
