namespace ILGPU;

/// <summary>How a one-dimensional view maps an index to an element.</summary>
public interface IStride1D
{
    int XStride { get; }
    long ComputeElementIndex(LongIndex1D index);
}

/// <summary>The strides of one-dimensional views.</summary>
public static class Stride1D
{
    /// <summary>Neighbouring indices are neighbouring elements.</summary>
    public readonly struct Dense : IStride1D
    {
        public int XStride => 1;
        public Index1D StrideExtent => new(XStride);
        public int ComputeElementIndex(Index1D index) => index.X;
        public long ComputeElementIndex(LongIndex1D index) => index.X;
    }
}
