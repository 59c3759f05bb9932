namespace Lacuna.Figures;

/// <summary>A figure as numbers: what a study found, before anything is drawn. Written as JSON, drawn as SVG, given as CSV, all from this one record.</summary>
/// <param name="Id">File name without ending, for example "robustness": lower-case letters, digits and hyphens.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Caption">What is plotted, over which images, in which unit, and how to read it: sentences for people.</param>
/// <param name="Source">The paper's figure or table that it renders, or the definition's source.</param>
/// <param name="Panels">Its parts, in reading order.</param>
public sealed record Figure(string Id, string Title, string Caption, string Source, IReadOnlyList<Panel> Panels);
