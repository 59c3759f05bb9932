using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Training;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Studies;

/// <summary>What a study is given: data, split, the models that were made on it, and the means to make more.</summary>
/// <param name="Train">Training images.</param>
/// <param name="Test">Test images.</param>
/// <param name="Split">What was forgotten.</param>
/// <param name="Draws">All random numbers.</param>
/// <param name="Compute">Where the models live, and the kernels there.</param>
/// <param name="Subjects">The original first, then the oracle where there is one, then one a method.</param>
/// <param name="Methods">The methods that made the subjects, with their options; a study that needs shadow models or sequences runs them again.</param>
/// <param name="Recipe">How the original was trained, for studies that train networks of their own.</param>
/// <param name="Folder">Where the study's files go; it exists.</param>
/// <param name="Clock">Measures run time.</param>
/// <param name="Progress">Told what is going on.</param>
public sealed record StudyContext(
    ImageSet Train, ImageSet Test, ForgetSplit Split, DrawSource Draws, Compute Compute, IReadOnlyList<Subject> Subjects,
    IReadOnlyList<IUnlearningMethod> Methods, TrainingOptions Recipe, string Folder, TimeProvider Clock, IProgress<RunProgress> Progress)
{
    /// <summary>The model before anything was forgotten.</summary>
    public Subject Original => Subjects.First(subject => subject.Name == Subject.Original);

    /// <summary>The model that never saw the forget images; null where it was not trained.</summary>
    public Subject? Oracle => Subjects.FirstOrDefault(subject => subject.Name == ResultTable.Oracle);
}
