namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Half a cosine from the first rates down to eta_min over T_max epochs, then up again. Loshchilov and Hutter 2017, without restarts.</summary>
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static partial class impl
            {
                /// <inheritdoc cref="lr_scheduler.CosineAnnealingLR"/>
                public sealed class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _halfPeriod;
                    private readonly double _lowest;

                    internal CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min, int last_epoch, bool verbose)
                        : base(optimizer, last_epoch, verbose)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(T_max);
                        (_halfPeriod, _lowest) = (T_max, eta_min);
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr()
                    {
                        if (Epoch <= 0) return CurrentRates();

                        // At the bottom the ratio of two heights is 0/0; the way up begins with the closed form.
                        double before = Height(Epoch - 1), now = Height(Epoch);
                        return before < 1e-12
                            ? get_closed_form_lr()
                            : CurrentRates().Select(rate => _lowest + ((rate - _lowest) * now / before));
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(rate => _lowest + ((rate - _lowest) * Height(Epoch)));

                    /// <summary>Where between the lowest (0) and the first rate (1) the curve stands.</summary>
                    private double Height(int epoch) => (1 + Math.Cos(Math.PI * epoch / _halfPeriod)) / 2;
                }
            }
        }
    }
}
