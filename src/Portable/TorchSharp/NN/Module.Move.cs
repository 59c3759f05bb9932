using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Moves parameters and buffers, here and in submodules, to a device and element type.</summary>
            /// <exception cref="ArgumentException">The type is not a floating-point one.</exception>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking) =>
                Move(device, RequireFloatingPoint(dtype), non_blocking, child => child._to(device, dtype, non_blocking));

            /// <summary>Moves parameters and buffers, here and in submodules, to a device.</summary>
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                Move(new Device(deviceType, deviceIndex), null, non_blocking, child => child._to(deviceType, deviceIndex, non_blocking));

            /// <summary>Converts parameters and floating-point buffers, here and in submodules.</summary>
            /// <exception cref="ArgumentException">The type is not a floating-point one.</exception>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking) =>
                Move(null, RequireFloatingPoint(dtype), non_blocking, child => child._to(dtype, non_blocking));

            private Module Move(Device? device, ScalarType? dtype, bool nonBlocking, Action<Module> moveChild)
            {
                using (no_grad())
                {
                    foreach (Parameter parameter in _ownParameters.Values) MoveTensor(parameter, device, dtype, nonBlocking);
                    foreach ((Tensor buffer, _) in _ownBuffers.Values) MoveTensor(buffer, device, dtype, nonBlocking);
                }

                foreach (Module child in _ownModules.Values) moveChild(child);
                return this;
            }

            /// <summary>Moves a tensor and its gradient; integer tensors keep their type. The object stays the same.</summary>
            private static void MoveTensor(Tensor tensor, Device? device, ScalarType? dtype, bool nonBlocking)
            {
                bool floating = tensor.is_floating_point();
                ScalarType type = floating && dtype is { } wanted ? wanted : tensor.dtype;
                Device place = device ?? tensor.device;
                bool there = place.type == tensor.device_type && (place.index < 0 || place.index == tensor.device_index);
                if (there && type == tensor.dtype) return;

                using DisposeScope scope = NewDisposeScope();
                bool trained = tensor.requires_grad;
                Tensor? gradient = tensor.grad?.to(type, place, non_blocking: nonBlocking);
                tensor.Exchange(tensor.detach().to(type, place, non_blocking: nonBlocking));
                if (!floating) return;
                tensor.requires_grad = trained;
                if (gradient is not null) tensor.grad = gradient;
            }

            private protected static ScalarType RequireFloatingPoint(ScalarType type) => type.IsFloatingPoint()
                ? type
                : throw new ArgumentException($"A module's parameters are floating-point numbers; {type} is not a floating-point type.", nameof(type));
        }
    }
}
