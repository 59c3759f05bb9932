using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>
        /// A TorchScript module. Its parameters and buffers, those of all its submodules, stand here under their dotted names, and
        /// share their memory with the module: writing into one changes what the module computes.
        /// </summary>
        public class ScriptModule : nn.Module
        {
            private const int NoResult = 0, SingleResult = 1, TupleResult = 2;

            private readonly ScriptHandle _script;

            internal ScriptModule(ScriptHandle script) : base("ScriptModule")
            {
                _script = script;
                foreach (var (name, tensor, _) in Entries(0)) AdoptParameter(name, new Parameter(tensor));
                foreach (var (name, tensor, _) in Entries(1)) AdoptBuffer(name, new Tensor(tensor));
            }

            internal ScriptHandle Script => _script;

            /// <summary>Whether the module trains. One that has no such mode, as <c>torch.jit.freeze</c> leaves it, says true.</summary>
            public override bool training
            {
                get
                {
                    Native.Check(Native.lt_jit_training(_script, out bool result));
                    return result;
                }
            }

            /// <summary>Sets the mode here and in every submodule. What <c>torch.jit.trace</c> made keeps the mode it was traced in.</summary>
            public override void train(bool on = true) => Native.Check(Native.lt_jit_train(_script, on));

            /// <inheritdoc cref="train"/>
            public override void eval() => train(false);

            /// <summary>The direct submodules; objects of their own at every call, over the same tensors.</summary>
            public override IEnumerable<(string name, nn.Module module)> named_children() => Modules(2);

            /// <summary>All submodules but not this module itself; objects of their own at every call, over the same tensors.</summary>
            public override IEnumerable<(string name, nn.Module module)> named_modules() => Modules(3);

            /// <summary>Runs <c>forward</c> on tensors.</summary>
            /// <returns>A tensor, a tuple of up to five tensors, an array for a longer tuple or a list, or null for None.</returns>
            /// <exception cref="ArgumentException">An input is no tensor.</exception>
            public object forward(params object[] input)
            {
                Tensor[] tensors = Array.ConvertAll(input, value => value as Tensor
                    ?? throw new ArgumentException($"A script module takes tensors here, not {value?.GetType().Name ?? "null"}.", nameof(input)));
                nint[] handles = Native.Handles(tensors);
                int status = Native.lt_jit_forward(_script, handles, handles.Length, out int kind, out nint entries, out int count);
                GC.KeepAlive(tensors);
                Tensor[] results = Array.ConvertAll(Native.TakeEntries(status, entries, count), entry => new Tensor(entry.Tensor));
                return (kind, results) switch
                {
                    (NoResult, _) => null!,
                    (SingleResult, _) => results[0],
                    (TupleResult, [var a]) => a,
                    (TupleResult, [var a, var b]) => (a, b),
                    (TupleResult, [var a, var b, var c]) => (a, b, c),
                    (TupleResult, [var a, var b, var c, var d]) => (a, b, c, d),
                    (TupleResult, [var a, var b, var c, var d, var e]) => (a, b, c, d, e),
                    _ => results,
                };
            }

            /// <inheritdoc cref="forward"/>
            public object call(params object[] input) => forward(input);

            protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => Move(dtype, device);

            protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => Move(null, new Device(deviceType, deviceIndex));

            protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => Move(dtype, null);

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                if (disposing) _script.Dispose();
            }

            private ScriptModule Move(ScalarType? dtype, Device? device)
            {
                if (dtype is { } type) RequireFloatingPoint(type);
                Native.Check(Native.lt_jit_to(_script, new Native.Options(dtype, device)));
                foreach (Parameter parameter in parameters()) parameter.Refresh();
                foreach (Tensor buffer in buffers()) buffer.Refresh();
                return this;
            }

            private (string name, nn.Module module)[] Modules(int what) =>
                Array.ConvertAll(Entries(what), entry => (entry.Name, (nn.Module)new ScriptModule(new ScriptHandle(entry.Module))));

            private (string Name, nint Tensor, nint Module)[] Entries(int what) =>
                Native.TakeEntries(Native.lt_jit_entries(_script, what, out nint entries, out int count), entries, count);
        }
    }
}
