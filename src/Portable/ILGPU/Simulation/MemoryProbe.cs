using System.Runtime.CompilerServices;

namespace Lacuna.Portable.Simulation;

/// <summary>What a kernel's memory instructions become in its instrumented copy: the access, told to the tracked memory it falls in.</summary>
internal static unsafe class MemoryProbe
{
    internal static T Load<T>(ref T element) => Read(ref element, atomic: false);
    internal static T LoadAtomic<T>(ref T element) => Read(ref element, atomic: true);
    internal static void Store<T>(ref T element, T value) => Write(ref element, value, atomic: false);
    internal static void StoreAtomic<T>(ref T element, T value) => Write(ref element, value, atomic: true);
    internal static void Clear<T>(ref T element) => Write(ref element, default!, atomic: false);

    /// <summary>Notes the place in the kernel's code that the thread is about to meet others or allocate at.</summary>
    internal static void At(int site) => Lane.Current.Site = site;

    private static T Read<T>(ref T element, bool atomic)
    {
        Lane lane = Lane.Current;
        lane.TrackedMemoryAt(Unsafe.AsPointer(ref element))?.Read(lane, ref element, atomic);
        return element;
    }

    private static void Write<T>(ref T element, T value, bool atomic)
    {
        Lane lane = Lane.Current;
        if (lane.TrackedMemoryAt(Unsafe.AsPointer(ref element)) is { } memory)
            memory.Write(lane, ref element, value, atomic);
        else
            element = value;
    }
}
