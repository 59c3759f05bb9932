namespace ILGPU;

/// <summary>
/// Fences order a thread's own memory accesses for others. The simulator runs one thread at a time in program order, so they have
/// nothing to do here; nor do they make another thread wait, which is why the race check does not count them.
/// </summary>
public static class MemoryFence
{
    public static void GroupLevel() { }
    public static void DeviceLevel() { }
    public static void SystemLevel() { }
}
