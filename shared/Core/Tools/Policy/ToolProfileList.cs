namespace OpenClaw.Tools.Policy;

/// <summary>The profiles, for those who show them.</summary>
public static class ToolProfileList
{
    public static IReadOnlyList<string> Names { get; } = ["minimal", "coding", "messaging", "full"];

    /// <summary>The profiles that a tool is in.</summary>
    public static IReadOnlyList<string> Of(ITool tool) =>
        [.. Names.Where(name => ToolProfiles.Find(name) is not { } names || ToolNamePattern.AnyMatches(names, tool))];
}
