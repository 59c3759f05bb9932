namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// Takes the at::Tensor of <paramref name="other"/>, which becomes invalid, in place of its own. The object stays the same, so
        /// that whoever holds it (a field, an optimiser) sees the new values.
        /// </summary>
        internal void Exchange(Tensor other)
        {
            nint taken = other.DecoupleFromNativeHandle();
            nint old = Interlocked.Exchange(ref handle, taken);
            if (old != 0) Native.lt_release(old);
            Refresh();
        }

        /// <summary>Forgets what was kept of type, device and size, after native code put other data into the same tensor.</summary>
        internal void Refresh()
        {
            cachedType = null;
            cachedDevice = null;
            if (pressure == 0) return;
            GC.RemoveMemoryPressure(pressure);
            pressure = 0;
            AddPressure();
        }
    }
}
