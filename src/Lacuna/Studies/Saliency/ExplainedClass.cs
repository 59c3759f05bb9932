namespace Lacuna.Studies.Saliency;

/// <summary>Whose logit a saliency map explains.</summary>
public enum ExplainedClass
{
    /// <summary>The class that the model predicts for the image: why it says what it says.</summary>
    Predicted,

    /// <summary>The image's label: what the model still sees of it, whatever it says.</summary>
    Label,
}
