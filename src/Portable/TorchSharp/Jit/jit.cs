namespace TorchSharp;

public static partial class torch
{
    /// <summary>TorchScript: modules that carry their code with them. Loading and calling one runs that code.</summary>
    public static partial class jit
    {
        /// <summary>Reads a module, onto a device.</summary>
        /// <param name="filename">What <c>torch.jit.save</c> wrote.</param>
        /// <param name="device_type">Where its tensors go, whatever device they were saved from.</param>
        /// <param name="device_index">-1: the current device of this type.</param>
        public static ScriptModule load(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Open(filename, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(string filename, Device map_location) => load(filename, map_location.type, map_location.index);

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(string filename, string map_location) => load(filename, new Device(map_location));

        /// <summary>Reads a module with one input, onto a device.</summary>
        /// <inheritdoc cref="load(string, DeviceType, long)" path="/param"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Open(filename, device_type, device_index));

        /// <inheritdoc cref="load{T1, TResult}(string, DeviceType, long)"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, Device map_location) => load<T1, TResult>(filename, map_location.type, map_location.index);

        /// <inheritdoc cref="load{T1, TResult}(string, DeviceType, long)"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, string map_location) => load<T1, TResult>(filename, new Device(map_location));

        /// <summary>Writes code, parameters, buffers and mode, in the form that <c>torch.jit.load</c> of Python reads too.</summary>
        public static void save(ScriptModule module, string filename) => Native.Check(Native.lt_jit_save(module.Script, filename));

        private static ScriptHandle Open(string filename, DeviceType type, long index)
        {
            Native.Check(Native.lt_jit_load(filename, (int)type, checked((int)index), out nint module));
            return new ScriptHandle(module);
        }
    }
}
