using System.IO.Enumeration;
using System.Text;

namespace OpenClaw.Tools.Policy;

/// <summary>How policies name tools: <c>fs_read</c>, <c>group:fs</c>, <c>docs__*</c>, without regard to case.</summary>
internal static class ToolNamePattern
{
    private const string Group = "group:";

    /// <summary>The original's name for the tools of all MCP servers.</summary>
    internal const string AllMcp = "bundle-mcp";

    public static bool AnyMatches(IEnumerable<string> patterns, ITool tool) => patterns.Any(pattern => Matches(pattern, tool));

    public static bool Matches(string pattern, ITool tool) =>
        pattern.StartsWith(Group, StringComparison.OrdinalIgnoreCase) || pattern.Equals(AllMcp, StringComparison.OrdinalIgnoreCase)
            ? tool.Groups.Contains(pattern, StringComparer.OrdinalIgnoreCase)
            : Matches(pattern, tool.Name);

    public static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, Fold(name), ignoreCase: true);

    /// <summary>The name as a person reads it: compatibility forms made plain, nothing around it.</summary>
    public static string Fold(string name) => name.Trim().Normalize(NormalizationForm.FormKC);
}
