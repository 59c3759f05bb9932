using System.Runtime.InteropServices;

namespace Lacuna.Tests.Gpu.Ptx;

/// <summary>The interpreter itself: that it computes what PTX means, and sees what a device would suffer from.</summary>
public sealed unsafe class PtxProgramTests
{
    // Two views {address, length}; the first thread's element of each in %rd5 and %rd6, its number in %r1.
    private const string Head = """
        .version 7.0
        .target sm_80
        .visible .entry Test(
            .param .align 8 .b8 _in_1[16],
            .param .align 8 .b8 _out_2[16],
            .param .f32 _scale_3
        )
        .maxntid 64, 1, 1
        {
            .reg .b32 %r<20>;
            .shared .align 4 .b8 __shared_alloca0[256];
            ld.param.b64 %rd1, [_in_1];
            cvta.to.global.u64 %rd2, %rd1;
            ld.param.b64 %rd3, [_out_2];
            mov.b32 %r1, %tid.x;
            mul.wide.u32 %rd4, %r1, 4;
            add.u64 %rd5, %rd4, %rd2;
            add.u64 %rd6, %rd4, %rd3;
            ld.global.f32 %f1, [%rd5];

        """;

    private const string Tail = """

            ret;
        }
        """;

    [Fact]
    public void ArithmeticRoundsToFloat32()
    {
        float[] input = [1.5f, -2.25f, 1e-8f, 3e38f];
        Assert.Equal([.. input.Select(x => x * 0.1f + 1)], Run("ld.param.f32 %f2, [_scale_3];\nmul.f32 %f3, %f1, %f2;\nadd.f32 %f4, %f3, 0f3F800000;\nst.global.f32 [%rd6], %f4;", input));
    }

    [Theory]
    [InlineData("lt", false, true, false)]
    [InlineData("ltu", true, true, false)]
    [InlineData("ge", false, false, true)]
    [InlineData("geu", true, false, true)]
    [InlineData("neu", true, true, true)]
    [InlineData("ne", false, true, true)]
    public void ComparisonsKnowNaN(string how, bool ofNaN, bool ofLess, bool ofMore) =>
        Assert.Equal([ofNaN ? 1 : 0, ofLess ? 1 : 0, ofMore ? 1 : 0],
            Run($"setp.{how}.f32 %p1, %f1, 0f3F800000;\nselp.b32 %f2, 0f3F800000, 0f00000000, %p1;\nst.global.f32 [%rd6], %f2;", [float.NaN, 0, 2]));

    [Fact]
    public void IntegersKeepTheirSign()
    {
        var result = Run("mov.b32 %r2, -7;\nadd.s32 %r2, %r2, %r1;\nshr.s32 %r3, %r2, 1;\nrem.s32 %r4, %r2, 4;\nmul.lo.s32 %r5, %r4, 100;\nadd.s32 %r6, %r3, %r5;\ncvt.s64.s32 %rd7, %r6;\ncvt.rn.f32.s64 %f2, %rd7;\nst.global.f32 [%rd6], %f2;", new float[9]);
        Assert.Equal([.. Enumerable.Range(0, 9).Select(i => (float)((i - 7 >> 1) + (i - 7) % 4 * 100))], result);
    }

    [Theory]
    [InlineData("down", "2, 31", 2, 31, 30)]
    [InlineData("bfly", "1, 31", 1, 33, 62)]
    [InlineData("idx", "5, 31", 5, 37, 37)]
    [InlineData("up", "1, 0", 0, 32, 62)]
    public void ShufflesExchangeInsideAWarp(string how, string control, float first, float thirtyThird, float last)
    {
        var result = Run($"shfl.sync.{how}.b32 %f2, %f1, {control}, 0xffffffff;\nst.global.f32 [%rd6], %f2;", [.. Enumerable.Range(0, 64).Select(i => (float)i)]);
        var expected = how == "down" ? (first, 34f, 63f) : (first, thirtyThird, last);
        Assert.Equal(expected, (result[0], result[32], result[63]));
    }

    [Fact]
    public void SharedMemoryIsSeenAfterABarrier()
    {
        var result = Run("""
            mov.b64 %rd7, __shared_alloca0;
            add.u64 %rd8, %rd7, %rd4;
            st.shared.f32 [%rd8], %f1;
            bar.sync 0;
            sub.s32 %r2, 63, %r1;
            mul.wide.u32 %rd9, %r2, 4;
            add.u64 %rd10, %rd7, %rd9;
            ld.shared.f32 %f2, [%rd10];
            st.global.f32 [%rd6], %f2;
            """, [.. Enumerable.Range(0, 64).Select(i => (float)i)]);
        Assert.Equal([.. Enumerable.Range(0, 64).Select(i => 63f - i)], result);
    }

    [Fact]
    public void FourNumbersAreLoadedAndStoredAtOnce()
    {
        var input = Enumerable.Range(0, 64).Select(i => (float)i).ToArray();
        var aligned = "and.b32 %r2, %r1, 3;\nsetp.ne.s32 %p1, %r2, 0;\n@%p1 bra END;\n";
        Assert.Equal([.. input.Select((_, i) => i / 4 * 4 + 3f - i % 4)],
            Run(aligned + "ld.global.v4.f32 {%f2, %f3, %f4, %f5}, [%rd5];\nst.global.v4.f32 [%rd6], {%f5, %f4, %f3, %f2};\nEND:", input));
    }

    [Theory]
    [InlineData("outside every view", "st.global.f32 [%rd6+4], %f1;")]
    [InlineData("no multiple of 16", "ld.global.v4.f32 {%f2, %f3, %f4, %f5}, [%rd5];")]
    [InlineData("outside shared memory", "ld.shared.f32 %f2, [%rd5];")]
    [InlineData("marked uniform", "setp.lt.s32 %p1, %r1, 5;\n@%p1 bra.uni END;\nEND:")]
    [InlineData("wait for each other", "setp.lt.s32 %p1, %r1, 32;\n@%p1 bra END;\nbar.sync 0;\nEND:")]
    [InlineData("not all lanes of a warp", "setp.lt.s32 %p1, %r1, 5;\n@%p1 bra END;\nshfl.sync.down.b32 %f2, %f1, 1, 31, 0xffffffff;\nEND:")]
    public void WhatADeviceWouldSufferFromIsAnError(string words, string body) =>
        Assert.Contains(words, Assert.Throws<InvalidOperationException>(() => Run(body, new float[64])).Message);

    [Fact]
    public void WhatItDoesNotKnowIsAnError() => Assert.Throws<NotSupportedException>(() => Run("wmma.load %r1;", new float[1]));

    private static float[] Run(string body, float[] input)
    {
        var program = new PtxProgram(Head + body + Tail, "Test");
        var bytes = input.Length * sizeof(float);
        // Where memory of tensors begins; not at a better place.
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)(2 * bytes + 128), 64), from = memory + 4, to = from + (input.Length + 3) / 4 * 4;
        try
        {
            input.CopyTo(new Span<float>(from, input.Length));
            var parameters = new byte[program.ParameterBytes];
            MemoryMarshal.Write(parameters, (long)from);
            MemoryMarshal.Write(parameters.AsSpan(16), (long)to);
            MemoryMarshal.Write(parameters.AsSpan(32), 0.1f);
            new PtxGroup(program, parameters, [((long)from, bytes), ((long)to, bytes)], (0, 0), (1, 1), input.Length).Run();
            return new Span<float>(to, input.Length).ToArray();
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
