using ILGPU;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>What ILGPU cannot compile for a device is refused before the kernel runs.</summary>
public sealed class KernelLanguageTests
{
    private static readonly int Shared = int.Parse("3");

    private static void Throwing() => throw new InvalidOperationException();
    private static int BaseLibrary(int value) => Math.Clamp(value, 0, 1);
    private static int Static() => Shared;
    private static int Managed() => (new int[4])[Group.IdxX];
    private static int Checked(int value) => checked(value + 1);
    private static int Text() => "ab".Length;
    private static int Recursive(int value) => value == 0 ? 0 : Recursive(value - 1);
    private static unsafe int Stack() { int* four = stackalloc int[4]; return four[Group.IdxX]; }
    private static object Boxed(int value) => value;

    private static void Handler()
    {
        try
        {
            Group.Barrier();
        }
        finally
        {
            Group.Barrier();
        }
    }

    private static string Refused(Action kernel)
    {
        var refusal = Assert.Throws<KernelLanguageException>(() => KernelSimulator.Run(new(1, 1), kernel));
        Assert.StartsWith(refusal.Method, refusal.Message);
        return $"{refusal.Method}: {refusal.Message}";
    }

    [Fact] public void Throw() => Assert.Contains("KernelLanguageTests.Throwing: KernelLanguageTests.Throwing, IL offset 0x5: a kernel cannot throw.", Refused(Throwing));
    [Fact] public void MathematicsOfTheBaseLibrary() => Assert.Contains("Math.Clamp is not part of the kernel language; for mathematics use XMath", Refused(() => BaseLibrary(2)));
    [Fact] public void StaticField() => Assert.Contains("static fields", Refused(() => Static()));
    [Fact] public void ManagedArray() => Assert.Contains("arrays", Refused(() => Managed()));
    [Fact] public void CheckedArithmetic() => Assert.Contains("checked", Refused(() => Checked(1)));
    [Fact] public void Strings() => Assert.Contains("strings", Refused(() => Text()));
    [Fact] public void Recursion() => Assert.Contains("recurse", Refused(() => Recursive(2)));
    [Fact] public void StackAllocation() => Assert.Contains("Stack, IL offset", Refused(() => Stack()));
    [Fact] public void Boxing() => Assert.Contains("box", Refused(() => Boxed(2)));
    [Fact] public void ExceptionHandlers() => Assert.Contains("handlers", Refused(Handler));
}
