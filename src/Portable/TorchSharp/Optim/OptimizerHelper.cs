using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The part that all optimisers share: the loop over parameters, their state, and saving both.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Tensor, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);
    private readonly OptimizerOptions _defaults;

    private protected OptimizerHelper(OptimizerOptions defaults) => _defaults = defaults;

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = closure?.Invoke();
        using IDisposable noGrad = no_grad();
        foreach (ParamGroup group in _parameter_groups)
            foreach (Parameter parameter in group.Parameters)
            {
                // One scope a parameter: no more than one parameter's temporaries live at a time.
                using DisposeScope scope = NewDisposeScope();
                if (parameter.grad is { } gradient) Update(group, parameter, gradient);
            }

        return loss;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The group is of another optimiser, or has a parameter that is trained already.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        if (param_group.Options.GetType() != _defaults.GetType())
            throw new ArgumentException($"{GetType().Name} takes groups of its own type, {GetType().Name}.ParamGroup.", nameof(param_group));
        var known = new HashSet<Tensor>(parameters(), ReferenceEqualityComparer.Instance);
        if (!param_group.Parameters.All(known.Add))
            throw new ArgumentException("A parameter of this group is in a group already; one step would move it twice.", nameof(param_group));
        param_group.Options.FillFrom(_defaults);
        base.add_param_group(param_group);
    }

    /// <summary>Writes settings and state, so that a training run can go on later.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        writer.Write(GetType().Name);
        writer.Write(_parameter_groups.Count);
        foreach (ParamGroup group in _parameter_groups)
        {
            group.Options.SaveStateDict(writer);
            writer.Write(group.Parameters.Count());
            foreach (Parameter parameter in group.Parameters)
            {
                bool moved = _states.TryGetValue(parameter, out OptimizerState? state);
                writer.Write(moved);
                state?.Save(writer);
            }
        }
    }

    /// <summary>Writes settings and state to a file.</summary>
    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote for an optimiser of the same parameters.</summary>
    /// <exception cref="InvalidDataException">It was written for another kind of optimiser or other parameters.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        string kind = reader.ReadString();
        if (kind != GetType().Name) throw new InvalidDataException($"This is the state of {kind}, not of {GetType().Name}.");
        RequireSame("parameter groups", reader.ReadInt32(), _parameter_groups.Count);
        foreach (ParamGroup group in _parameter_groups)
        {
            group.Options.LoadStateDict(reader);
            RequireSame("parameters in a group", reader.ReadInt32(), group.Parameters.Count());
            foreach (Parameter parameter in group.Parameters)
            {
                if (_states.Remove(parameter, out OptimizerState? old)) old.Dispose();
                if (!reader.ReadBoolean()) continue;
                OptimizerState state = NewState();
                _states.Add(parameter, state);
                state.Load(reader, parameter);
            }
        }
    }

    /// <summary>Reads settings and state from a file.</summary>
    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Moves one parameter. Runs without autograd, in a dispose scope that ends with it.</summary>
    private protected abstract void Update(ParamGroup group, Parameter parameter, Tensor gradient);

    /// <summary>The state of a parameter that has not moved yet.</summary>
    private protected abstract OptimizerState NewState();

    /// <summary>What the optimiser remembers about a parameter.</summary>
    private protected TState StateOf<TState>(Parameter parameter) where TState : OptimizerState
    {
        if (!_states.TryGetValue(parameter, out OptimizerState? state)) _states.Add(parameter, state = NewState());
        return (TState)state;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (OptimizerState state in _states.Values) state.Dispose();
        _states.Clear();
    }

    private static void RequireSame(string what, int saved, int here)
    {
        if (saved != here) throw new InvalidDataException($"The saved optimiser has {saved} {what}, this one {here}.");
    }
}
