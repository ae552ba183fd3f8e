namespace OpenClaw.Configuration.Binding;

/// <summary>What all readers of one load share.</summary>
/// <param name="Problems">Where errors and warnings go.</param>
/// <param name="Lookup">Environment variables and the document's own <c>env</c> section; null when not set.</param>
internal sealed record ConfigReading(ConfigProblems Problems, Func<string, string?> Lookup)
{
    /// <summary>Takes every key that is asked for; null for a load that is not inspected.</summary>
    public ConfigKeys? Keys { get; init; }
}
