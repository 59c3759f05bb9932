using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static class cuda
    {
        public static bool is_available()
        {
            Check(lt_cuda_is_available(out bool available));
            return available;
        }

        public static int device_count()
        {
            Check(lt_cuda_device_count(out int count));
            return count;
        }

        /// <summary>Waits until a device (the current one when none is named) has done all its work.</summary>
        public static void synchronize(Device? device = null) => Check(lt_cuda_synchronize(device?.index ?? -1));

        public static void manual_seed(long seed) => Check(lt_cuda_manual_seed(unchecked((ulong)seed)));
        public static void manual_seed_all(long seed) => Check(lt_cuda_manual_seed_all(unchecked((ulong)seed)));
    }

    public static class backends
    {
        // Whether float32 arithmetic may round its inputs to TF32 (10 bits of mantissa) on tensor cores.
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get
                    {
                        Check(lt_allows_tf32(out bool allowed, out _));
                        return allowed;
                    }
                    set => Check(lt_allow_tf32(value ? 1 : 0, -1));
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get
                {
                    Check(lt_allows_tf32(out _, out bool allowed));
                    return allowed;
                }
                set => Check(lt_allow_tf32(-1, value ? 1 : 0));
            }
        }
    }
}
