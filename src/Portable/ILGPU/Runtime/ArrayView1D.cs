namespace ILGPU.Runtime;

/// <summary>A one-dimensional view with an explicit stride.</summary>
public readonly struct ArrayView1D<T, TStride>(ArrayView<T> baseView, LongIndex1D extent, TStride stride)
    where T : unmanaged
    where TStride : struct, IStride1D
{
    public static int ElementSize => ArrayView<T>.ElementSize;
    public static ArrayView1D<T, TStride> Empty => default;

    public ArrayView<T> BaseView { get; } = baseView;
    public LongIndex1D Extent { get; } = extent;
    public TStride Stride { get; } = stride;

    public bool IsValid => BaseView.IsValid;
    public Index1D IntExtent => new(BaseView.SubView(0, Extent.X).IntLength);
    public long Length => Extent.X;
    public int IntLength => IntExtent.X;
    public long LengthInBytes => Length * ElementSize;

    public ref T this[Index1D index] => ref BaseView[Stride.ComputeElementIndex((LongIndex1D)index)];
    public ref T this[LongIndex1D index] => ref BaseView[Stride.ComputeElementIndex(index)];

    public ArrayView1D<T, TStride> SubView(Index1D index, Index1D extent) => SubView(index.ToLongIndex(), extent.ToLongIndex());

    public ArrayView1D<T, TStride> SubView(LongIndex1D index, LongIndex1D extent) =>
        new(BaseView.SubView(Stride.ComputeElementIndex(index), Stride.ComputeElementIndex(extent)), extent, Stride);

    public ArrayView<T> AsContiguous() => BaseView;
}
