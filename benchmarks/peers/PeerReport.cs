using Lacuna.Runs;

namespace Lacuna.Peers;

/// <summary>A whole comparison.</summary>
/// <param name="Environment">Our side.</param>
/// <param name="PyTorch">Version of the other.</param>
/// <param name="Repeats">Repetitions in turns.</param>
/// <param name="LoadBefore">Load average of the machine when it began; null where it is not known. Above the number of cores the figures are hints.</param>
/// <param name="LoadAfter">The same at the end.</param>
/// <param name="Rows">One a network and step.</param>
internal sealed record PeerReport(RunEnvironment Environment, string PyTorch, int Repeats, double? LoadBefore, double? LoadAfter, IReadOnlyList<PeerRow> Rows);
