using System.Globalization;
using System.Text;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Models.TorchScript;
using Lacuna.Runs;

namespace Lacuna.Studies.ULira;

/// <summary>U-LiRA: can an attacker who trains shadow networks tell an unlearned network from one that never saw the images?</summary>
public sealed class ULiraStudy : IStudy
{
    private readonly ULiraOptions _options;

    /// <param name="options">How many shadows.</param>
    public ULiraStudy(ULiraOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "u-lira";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context)
    {
        if (context.Original.Model is ScriptedClassifier)
            return "u-lira trains networks like the original, and a TorchScript module does not say how its weights were drawn. Give one of Lacuna's own architectures.";
        return context.Methods.Any(method => method.Name != ResultTable.Oracle) ? null : "u-lira runs the methods on shadow networks, and there is none besides retrain. Name at least one method.";
    }

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        if (Lacks(context) is { } lack) throw new ArgumentException(lack);
        var shadows = new Shadows(context, _options.Shadows, cancellation);
        shadows.Make();
        ULiraResult[] results = [.. shadows.Seen.Select(seen => ULiraResult.Of(seen.Key, seen.Value, shadows.Unseen))];
        AtomicFile.WriteAllText(Path.Combine(context.Folder, "u-lira.csv"), Csv(context, shadows));
        return [ULiraFigure.Of(results, shadows, _options.Shadows)];
    }

    private static string Csv(StudyContext context, Shadows shadows)
    {
        var text = new StringBuilder("network,shadow,image,scaled_confidence\n");
        var rows = context.Split.Forget;
        foreach (var (name, values) in shadows.Seen.Append(new(ResultTable.Oracle, shadows.Unseen)))
        {
            for (var pair = 0; pair < values.Length; pair++)
            {
                for (var i = 0; i < rows.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{name},{pair + 1},{rows[i]},{values[pair][i]:R}\n");
            }
        }
        return text.ToString();
    }
}
