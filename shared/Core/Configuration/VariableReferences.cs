using System.Text.RegularExpressions;
using OpenClaw.Configuration.Binding;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>
/// Replaces <c>${NAME}</c> inside strings by environment variables; <c>$${NAME}</c> stands for the text <c>${NAME}</c>. Names are
/// upper-case, as in the original, so that templates such as <c>${name}</c> stay. A variable that is not set is an error wherever it is
/// used.
/// </summary>
internal static partial class VariableReferences
{
    public static ConfigNode Expand(ConfigNode node, string path, ConfigReading reading) => node.Kind switch
    {
        ConfigNodeKind.Text when node.Text.Contains("${", StringComparison.Ordinal) =>
            node.As(ConfigNodeKind.Text, Expand(node, node.Text, path, reading)),
        ConfigNodeKind.List => node.As([.. node.Items.Select((item, i) => Expand(item, ConfigPath.Append(path, i), reading))]),
        ConfigNodeKind.Map => node.As(
            [.. node.Members.Select(member => member with { Value = Expand(member.Value, ConfigPath.Append(path, member.Key), reading) })]),
        _ => node,
    };

    private static string Expand(ConfigNode node, string text, string path, ConfigReading reading) => Reference().Replace(text, match =>
    {
        if (match.ValueSpan.StartsWith("$$"))
        {
            return match.Value[1..];
        }

        var name = match.Groups[1].Value;
        if (reading.Lookup(name) is { } value && !string.IsNullOrWhiteSpace(value))
        {
            return value;
        }

        reading.Problems.Error(path, node, $"{path} refers to the environment variable {name}, which is not set.");
        return match.Value;
    });

    [GeneratedRegex(@"\$?\$\{([A-Z_][A-Z0-9_]{0,127})\}")]
    private static partial Regex Reference();
}
