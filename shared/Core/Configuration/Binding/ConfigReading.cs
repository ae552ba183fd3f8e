namespace OpenClaw.Configuration.Binding;

/// <summary>What all readers of one load share.</summary>
/// <param name="Problems">Where errors and warnings go.</param>
/// <param name="Lookup">Environment variables and the document's own <c>env</c> section; null when not set.</param>
internal sealed record ConfigReading(ConfigProblems Problems, Func<string, string?> Lookup)
{
    /// <summary>Takes the pattern of every key that is asked for, with what its value holds: <c>.</c> for a section, <c>.*</c> for a map
    /// of sections, <c>[]</c> for a list of them, else nothing. Null for a load that is not inspected.</summary>
    public Dictionary<string, string>? Keys { get; init; }
}
