using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>
/// Many tensors as the segments that one launch works on. The device's table is made when a launch asks for it and stays for as long as all tensors lie
/// where they lay, so that a step in the same memory uploads nothing.
/// </summary>
/// <param name="operation">For errors.</param>
internal sealed class SegmentedTensors(string operation) : IDisposable
{
    private nint[] _addresses = [];
    private long[] _lengths = [];
    private TensorSegments? _segments;
    private Tensor? _table;
    private nint _anchor;
    private long _span;

    /// <summary>The segments last taken.</summary>
    public TensorSegments Segments => _segments ?? throw new InvalidOperationException($"{operation}: no tensors were taken yet.");

    /// <summary>Takes the tensors as they lie now. The first field must be there; none that is written may overlap another.</summary>
    public void Take(params ReadOnlySpan<SegmentField> fields)
    {
        var count = fields[0].Tensors!.Count;
        var (addresses, lengths) = (new nint[count * fields.Length], new long[count]);
        for (var s = 0; s < count; s++)
        {
            lengths[s] = fields[0].Tensors![s]!.numel();
            foreach (var field in fields)
            {
                if (field.Tensors is { } tensors && tensors[s] is null) lengths[s] = 0;
            }
            // A field that is not used may have any address of the segment's.
            for (var f = 0; lengths[s] > 0 && f < fields.Length; f++)
                addresses[s * fields.Length + f] = TensorStack.Current.DataPointer((fields[f].Tensors ?? fields[0].Tensors!)[s]!);
        }
        if (_segments is not null && addresses.AsSpan().SequenceEqual(_addresses) && lengths.AsSpan().SequenceEqual(_lengths)) return;
        RequireApart(fields, addresses, lengths);
        _table?.Dispose();
        _table = null;
        (_addresses, _lengths, _segments) = (addresses, lengths, new TensorSegments(fields.Length, addresses, lengths));
    }

    /// <summary>All memory from the first tensor to the last, as a kernel's argument.</summary>
    public KernelArgument Memory(Device device)
    {
        Prepare(device);
        return KernelArgument.View(_anchor, _span);
    }

    /// <summary>Where the tensors are in that memory, as a kernel's argument.</summary>
    public KernelArgument Table(Device device)
    {
        Prepare(device);
        return KernelArgument.View(_table!);
    }

    /// <summary>No memory, for a kernel that has no use for an argument.</summary>
    public KernelArgument Nothing => KernelArgument.View(_anchor, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _table?.Dispose();
        (_table, _segments) = (null, null);
    }

    private void Prepare(Device device) => _table ??= Upload.Taking(tensor(Segments.DeviceTable(out _anchor, out _span)), device).DetachFromDisposeScope();

    private void RequireApart(ReadOnlySpan<SegmentField> fields, nint[] addresses, long[] lengths)
    {
        var places = new List<(nint Start, nint End, int Field, int Segment)>();
        for (var s = 0; s < lengths.Length; s++)
            for (var f = 0; lengths[s] > 0 && f < fields.Length; f++)
                if (fields[f].Tensors is not null)
                    places.Add((addresses[s * fields.Length + f], addresses[s * fields.Length + f] + (nint)(lengths[s] * sizeof(float)), f, s));
        places.Sort();
        // In the order of their beginnings a place overlaps an earlier one exactly when it begins before the furthest end so far.
        (nint Start, nint End, int Field, int Segment) reached = default, written = default;
        foreach (var place in places)
        {
            var other = place.Start < written.End ? written : fields[place.Field].Written && place.Start < reached.End ? reached : default;
            if (other.End != 0)
                throw new ArgumentException($"{operation}: '{fields[place.Field].Name}[{place.Segment}]' overlaps '{fields[other.Field].Name}[{other.Segment}]' in memory. Give it memory of its own with .clone().");
            if (place.End > reached.End) reached = place;
            if (fields[place.Field].Written && place.End > written.End) written = place;
        }
    }
}
