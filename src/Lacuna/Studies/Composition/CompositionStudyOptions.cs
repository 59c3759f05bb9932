using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Methods.Composition;
using Lacuna.Methods.ForgetVector;

namespace Lacuna.Studies.Composition;

/// <summary>What is composed, of what, and which part of the plane is looked at.</summary>
public sealed record CompositionStudyOptions
{
    /// <summary>The classes whose vectors are trained; empty for all.</summary>
    public IReadOnlyList<int> Classes { get; init; } = [];

    /// <summary>The unseen forget set in the words of the command line; empty for a share of the two classes of <see cref="Plane"/>.</summary>
    public string Forget { get; init; } = "";

    /// <summary>The two classes whose coefficients span the plane, and of which the unseen forget set is drawn unless <see cref="Forget"/> names another; empty for the first forgotten class (or the first) and the next.</summary>
    public IReadOnlyList<int> Plane { get; init; } = [];

    /// <summary>Share of the two classes' training images that is to be forgotten, in percent, unless <see cref="Forget"/> names another set.</summary>
    public double SharePercent { get; init; } = 10;

    /// <summary>How the class vectors are made, and the vector that is trained directly: the same effort.</summary>
    public ForgetVectorOptions Vector { get; init; } = new() { Epochs = 5 };

    /// <summary>How the coefficients are found.</summary>
    public CompositionOptions Coefficients { get; init; } = new();

    /// <summary>The plane reaches from minus this to this in both coefficients; a whole number, so that -1, 0 and 1 are points of it.</summary>
    public int Reach { get; init; } = 1;

    /// <summary>Points of the plane a unit.</summary>
    public int PointsPerUnit { get; init; } = 8;

    /// <summary>Retain images on which the plane is looked at, drawn by the seed.</summary>
    public int RetainSample { get; init; } = 500;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Vector.Validate();
        Coefficients.Validate();
        Check.Within(SharePercent, 0, 100, nameof(SharePercent));
        Check.Positive(SharePercent, nameof(SharePercent));
        if (Forget.Length > 0) ForgetSetSpec.Parse(Forget);
        Check.AtLeast(Reach, 1, nameof(Reach));
        Check.AtLeast(PointsPerUnit, 1, nameof(PointsPerUnit));
        Check.AtLeast(RetainSample, 1, nameof(RetainSample));
        if (Plane.Count is not (0 or 2) || Plane.Distinct().Count() != Plane.Count) throw new ArgumentException("Plane must name two different classes, or none.");
        if (Classes.Distinct().Count() != Classes.Count) throw new ArgumentException("Classes names a class twice.");
        if (Classes.Count > 0 && Plane.Except(Classes).Any()) throw new ArgumentException("Plane names a class whose vector is not among Classes. Add it there.");
    }
}
