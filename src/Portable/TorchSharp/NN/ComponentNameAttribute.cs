namespace TorchSharp.Utils;

/// <summary>The name under which <c>RegisterComponents</c> registers a field, where it differs from the field's own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ComponentNameAttribute : Attribute
{
    /// <summary>The name in <c>state_dict</c>, without dots.</summary>
    public string Name { get; set; } = "";
}
