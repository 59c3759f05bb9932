using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>
            /// Stochastic gradient descent: with gradient g (plus weight_decay times p) the buffer is v = momentum v + (1 - dampening) g,
            /// the first time g itself; then p = p - lr v, or with nesterov p = p - lr (g + momentum v). Maximize takes -g for g.
            /// </summary>
            public static SGD SGD(
                IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            /// <inheritdoc cref="SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
            public static SGD SGD(
                IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            /// <inheritdoc cref="SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
            public static SGD SGD(
                IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.optim.SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
    public class SGD : OptimizerHelper
    {
        /// <summary>Trains one group.</summary>
        public SGD(
            IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
            : this([new ParamGroup(parameters, new Options())], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        /// <summary>Trains several groups; the numbers stand in for settings that a group leaves null.</summary>
        public SGD(
            IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
            : base(Settings(lr, momentum, dampening, weight_decay, nesterov, maximize))
        {
            foreach (ParamGroup group in parameters) add_param_group(group);
        }

        private protected override OptimizerState NewState() => new Momentum();

        private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor gradient)
        {
            var options = (Options)group.Options;
            double momentum = options.momentum.GetValueOrDefault();
            double weightDecay = options.weight_decay.GetValueOrDefault();
            if (options.maximize == true) gradient = gradient.neg();
            if (weightDecay != 0) gradient = gradient.add(parameter, weightDecay);
            if (momentum != 0)
            {
                Tensor velocity = StateOf<Momentum>(parameter).Advance(gradient, momentum, 1 - options.dampening.GetValueOrDefault());
                gradient = options.nesterov == true ? gradient.add(velocity, momentum) : velocity;
            }

            parameter.add_(gradient, -group.LearningRate);
        }

        private static Options Settings(
            double lr, double momentum, double dampening, double weight_decay, bool nesterov, bool maximize)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(lr);
            ArgumentOutOfRangeException.ThrowIfNegative(momentum);
            ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
            if (nesterov && (momentum == 0 || dampening != 0))
                throw new ArgumentException("Nesterov's step needs a momentum above zero and no dampening.", nameof(nesterov));
            return new Options
            {
                LearningRate = lr,
                InitialLearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weight_decay,
                nesterov = nesterov,
                maximize = maximize,
            };
        }

        /// <summary>Settings of a group; null means the optimiser's own.</summary>
        public class Options : OptimizerOptions
        {
            /// <summary>How much of the last step's buffer stays.</summary>
            public double? momentum;

            /// <summary>How much of the gradient is kept out of the buffer.</summary>
            public double? dampening;

            /// <summary>How much of the parameter is added to the gradient.</summary>
            public double? weight_decay;

            /// <summary>Whether the step looks ahead along the buffer.</summary>
            public bool? nesterov;

            /// <summary>Whether to climb instead.</summary>
            public bool? maximize;

            /// <inheritdoc/>
            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(momentum.GetValueOrDefault());
                writer.Write(dampening.GetValueOrDefault());
                writer.Write(weight_decay.GetValueOrDefault());
                writer.Write(nesterov == true);
                writer.Write(maximize == true);
            }

            /// <inheritdoc/>
            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                momentum = reader.ReadDouble();
                dampening = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                nesterov = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }

            internal override void FillFrom(OptimizerOptions defaults)
            {
                base.FillFrom(defaults);
                var own = (Options)defaults;
                momentum ??= own.momentum;
                dampening ??= own.dampening;
                weight_decay ??= own.weight_decay;
                nesterov ??= own.nesterov;
                maximize ??= own.maximize;
            }
        }

        /// <summary>Parameters with settings of their own.</summary>
        public class ParamGroup : ParamGroup<Options>
        {
            /// <summary>A group without parameters.</summary>
            public ParamGroup()
            {
            }

            /// <summary>A group; settings left null are the optimiser's.</summary>
            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            /// <summary>A group with every setting given.</summary>
            public ParamGroup(
                IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false)
                : base(parameters, Settings(lr, momentum, dampening, weight_decay, nesterov, maximize))
            {
            }
        }

        /// <summary>The buffer v of one parameter.</summary>
        private sealed class Momentum : OptimizerState
        {
            private Tensor? _velocity;

            public override void Dispose() => _velocity?.Dispose();

            internal Tensor Advance(Tensor gradient, double momentum, double share)
            {
                if (_velocity is null) _velocity = Keep(gradient.clone());
                else _velocity.mul_(momentum).add_(gradient, share);
                return _velocity;
            }

            internal override void Save(BinaryWriter writer) => Write(writer, _velocity);

            internal override void Load(BinaryReader reader, Parameter parameter) => _velocity = Read(reader, parameter);
        }
    }
}
