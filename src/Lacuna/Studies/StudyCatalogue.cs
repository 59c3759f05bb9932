using Lacuna.Studies.Composition;
using Lacuna.Studies.Membership;
using Lacuna.Studies.MuMisTrajectory;
using Lacuna.Studies.Relearning;
using Lacuna.Studies.Representation;
using Lacuna.Studies.Robustness;
using Lacuna.Studies.Saliency;
using Lacuna.Studies.Sensitivity;
using Lacuna.Studies.Sequence;
using Lacuna.Studies.ULira;

namespace Lacuna.Studies;

/// <summary>Every study by the name under which experiment files ask for it: one line a study.</summary>
public static class StudyCatalogue
{
    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<StudyEntry> All { get; } =
    [
        StudyEntry.Of((RobustnessOptions options) => new RobustnessStudy(options)),
        StudyEntry.Of((SaliencyOptions options) => new SaliencyStudy(options)),
        StudyEntry.Of((CompositionStudyOptions options) => new CompositionStudy(options)),
        StudyEntry.Of((SequenceOptions options) => new SequenceStudy(options)),
        StudyEntry.Of((SensitivityOptions options) => new SensitivityStudy(options)),
        StudyEntry.Of((MuMisTrajectoryOptions options) => new MuMisTrajectoryStudy(options)),
        StudyEntry.Of((MembershipOptions options) => new MembershipStudy(options)),
        StudyEntry.Of((ULiraOptions options) => new ULiraStudy(options)),
        StudyEntry.Of((RepresentationOptions options) => new RepresentationStudy(options)),
        StudyEntry.Of((RelearningOptions options) => new RelearningStudy(options)),
    ];
}
