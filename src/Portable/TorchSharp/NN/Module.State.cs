namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// All parameters, then all persistent buffers, by dotted name as in PyTorch. The tensors are the module's own, not copies.
            /// </summary>
            /// <param name="destination">A dictionary to add to; entries it already has stay.</param>
            /// <param name="prefix">Put before every name, with a dot.</param>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(start + name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(start + name, buffer);
                return destination;
            }

            /// <summary>
            /// Copies values from <paramref name="source"/> into the module's parameters and buffers, across devices and element types.
            /// Nothing is copied unless everything fits.
            /// </summary>
            /// <param name="source">Tensors by name, as from <see cref="state_dict"/>.</param>
            /// <param name="strict">Whether both sides must have the same names.</param>
            /// <param name="skip">Names to leave alone on both sides.</param>
            /// <returns>Names only the module has, and names only the source has.</returns>
            /// <exception cref="InvalidOperationException">Names differ although strict, or a shape differs.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                HashSet<string> skipped = [.. skip ?? []];
                Dictionary<string, Tensor> own = state_dict();
                List<string> missing = [.. own.Keys.Where(name => !skipped.Contains(name) && !source.ContainsKey(name))];
                List<string> unexpected = [.. source.Keys.Where(name => !skipped.Contains(name) && !own.ContainsKey(name))];
                List<string> shared = [.. own.Keys.Where(name => !skipped.Contains(name) && source.ContainsKey(name))];

                var complaints = new List<string>();
                if (strict && missing.Count > 0) complaints.Add("the state lacks " + string.Join(", ", missing));
                if (strict && unexpected.Count > 0) complaints.Add("the module has no " + string.Join(", ", unexpected));
                foreach (string name in shared)
                    if (!own[name].shape.AsSpan().SequenceEqual(source[name].shape))
                        complaints.Add($"{name} is {Shape(own[name])} in the module and {Shape(source[name])} in the state");
                if (complaints.Count > 0)
                    throw new InvalidOperationException(
                        $"The state does not fit module '{GetName()}': {string.Join("; ", complaints)}. " +
                        "Names may differ with strict: false; entries named in skip are left alone.");

                using IDisposable noGrad = no_grad();
                foreach (string name in shared) own[name].copy_(source[name]);
                return (missing, unexpected);
            }

            private static string Shape(Tensor tensor) => "[" + string.Join(" x ", tensor.shape) + "]";
        }
    }
}
