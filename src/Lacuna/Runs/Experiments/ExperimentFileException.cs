using System.Globalization;

namespace Lacuna.Runs.Experiments;

/// <summary>An experiment file that cannot be used. The message names file and line, what is wrong there, and what to write.</summary>
/// <param name="file">Path of the file, or the preset's name.</param>
/// <param name="line">Counted from 1; 0 for the file as a whole.</param>
/// <param name="problem">A sentence.</param>
/// <param name="inner">What caused it.</param>
public sealed class ExperimentFileException(string file, long line, string problem, Exception? inner = null)
    : Exception(line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}: {problem}") : $"{file}: {problem}", inner);
