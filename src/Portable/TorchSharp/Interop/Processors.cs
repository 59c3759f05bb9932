namespace TorchSharp;

/// <summary>How many threads suit arithmetic that saturates a core: one a physical core, never more than this process may use.</summary>
internal static class Processors
{
    internal static int PhysicalCores()
    {
        int available = Environment.ProcessorCount;
        var cores = new HashSet<string>();
        foreach (string processor in Siblings())
            cores.Add(processor);
        return cores.Count == 0 ? available : Math.Clamp(cores.Count, 1, available);
    }

    // Hardware threads of one core name the same set of siblings.
    private static IEnumerable<string> Siblings()
    {
        const string root = "/sys/devices/system/cpu";
        if (!Directory.Exists(root))
            yield break;
        foreach (string folder in Directory.EnumerateDirectories(root, "cpu*"))
        {
            string file = Path.Combine(folder, "topology", "thread_siblings_list");
            if (File.Exists(file))
                yield return File.ReadAllText(file).Trim();
        }
    }
}
