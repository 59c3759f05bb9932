namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning rates over epochs (or steps). The rates are those of the optimiser's groups at construction.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimiser, once an epoch.</summary>
            public abstract class LRScheduler
            {
                private readonly ILearningRateController[] _groups;
                private readonly bool _verbose;
                private double[] _lastRates;

                /// <summary>How often a rate was set; construction counts as one.</summary>
                protected int _step_count;

                /// <summary>A schedule of all groups. A derived constructor ends with <see cref="step()"/>, which sets the first rates.</summary>
                /// <param name="optimizer">Whose groups to steer.</param>
                /// <param name="last_epoch">The epoch to go on after; -1 to begin.</param>
                /// <param name="verbose">Whether changes are printed to the console.</param>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    _groups = [.. optimizer.ParamGroups];
                    _verbose = verbose;
                    Epoch = last_epoch;
                    BaseRates = [.. _groups.Select(group => group.InitialLearningRate)];
                    _lastRates = CurrentRates();
                }

                /// <summary>The epoch whose rates are set.</summary>
                private protected int Epoch { get; private set; }

                /// <summary>The groups' rates to begin with.</summary>
                private protected double[] BaseRates { get; }

                /// <summary>Goes on to the next epoch.</summary>
                public virtual void step() => step(null);

                /// <summary>Goes to a given epoch, or to the next.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    Epoch = epoch ?? Epoch + 1;
                    double[] rates = [.. epoch is null ? get_lr() : get_closed_form_lr()];
                    for (int i = 0; i < _groups.Length; i++)
                    {
                        if (_verbose && rates[i] != _lastRates[i]) Console.WriteLine($"Learning rate of group {i}: {rates[i]}");
                        _groups[i].LearningRate = rates[i];
                    }

                    _lastRates = rates;
                }

                /// <summary>The rates set last, one a group.</summary>
                public IEnumerable<double> get_last_lr() => _lastRates;

                /// <summary>The rates of this epoch from those of the one before, so that schedules can be chained.</summary>
                protected virtual IEnumerable<double> get_lr() => CurrentRates();

                /// <summary>The rates of this epoch from those at the beginning.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                /// <summary>The rates the groups have now.</summary>
                private protected double[] CurrentRates() => [.. _groups.Select(group => group.LearningRate)];

                /// <summary>The groups' current rates times a factor.</summary>
                private protected IEnumerable<double> Scaled(double factor) => CurrentRates().Select(rate => rate * factor);

                /// <summary>The groups' first rates times a factor.</summary>
                private protected IEnumerable<double> ScaledBase(double factor) => BaseRates.Select(rate => rate * factor);
            }
        }
    }
}
