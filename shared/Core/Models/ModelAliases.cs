using System.IO.Enumeration;
using OpenClaw.Configuration;

namespace OpenClaw.Models;

/// <summary>Names that the configuration lets stand for other models or agents (<c>models.aliases</c>). Without it no name is
/// mapped.</summary>
public sealed class ModelAliases(GatewayConfigStore config)
{
    /// <summary>What the name stands for; the name itself where no pattern matches. The longest pattern wins, and one that has no
    /// wildcard before all that have. Aliases do not lead to aliases.</summary>
    public string? Resolve(string? name)
    {
        var aliases = config.Current.Models.Aliases;
        return name is null || aliases.Count == 0 ? name : Find(aliases, name.Trim()) ?? name;
    }

    private static string? Find(IReadOnlyDictionary<string, string> aliases, string name) => aliases
        .Where(alias => FileSystemName.MatchesSimpleExpression(alias.Key, name, ignoreCase: true))
        .OrderByDescending(alias => !alias.Key.Contains('*', StringComparison.Ordinal))
        .ThenByDescending(alias => alias.Key.Length)
        .ThenBy(alias => alias.Key, StringComparer.Ordinal)
        .Select(alias => alias.Value)
        .FirstOrDefault();
}
