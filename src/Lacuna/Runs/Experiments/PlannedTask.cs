using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Studies;

namespace Lacuna.Runs.Experiments;

/// <summary>Something to forget, and all that is done about it.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Title">For people; null for one made of the forget set's words.</param>
/// <param name="Forget">What to forget.</param>
/// <param name="Model">From which network.</param>
/// <param name="Methods">How, in the order of the rows.</param>
/// <param name="Studies">What is looked at afterwards, on the first seed.</param>
/// <param name="Line">Where it stands in the file.</param>
public sealed record PlannedTask(string Name, string? Title, ForgetSetSpec Forget, PlannedModel Model, IReadOnlyList<IUnlearningMethod> Methods, IReadOnlyList<IStudy> Studies, long Line);
