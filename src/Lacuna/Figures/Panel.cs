using System.Text.Json.Serialization;

namespace Lacuna.Figures;

/// <summary>One part of a figure.</summary>
/// <param name="Title">What this part shows; may be empty when the figure has but one.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LinePanel), "lines")]
[JsonDerivedType(typeof(BarPanel), "bars")]
[JsonDerivedType(typeof(HistogramPanel), "histogram")]
[JsonDerivedType(typeof(GridPanel), "grid")]
[JsonDerivedType(typeof(TablePanel), "table")]
[JsonDerivedType(typeof(PicturePanel), "picture")]
public abstract record Panel(string Title);
