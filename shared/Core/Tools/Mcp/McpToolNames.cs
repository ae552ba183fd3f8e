using System.Globalization;

namespace OpenClaw.Tools.Mcp;

/// <summary>The names under which models see the tools of servers: <c>server__tool</c>, at most 64 characters, each once. Two servers
/// whose names look alike are told apart by a number, in the order of the configuration.</summary>
internal static class McpToolNames
{
    private const int MostCharacters = 64;

    private const int MostServerCharacters = 30;

    /// <param name="servers">Configured names in their order.</param>
    public static Dictionary<string, string> OfServers(IEnumerable<string> servers)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return servers.ToDictionary(
            server => server, server => Unique(Plain(server, "mcp"), MostServerCharacters, used, name => name), StringComparer.Ordinal);
    }

    /// <param name="server">The plain name of the server.</param>
    /// <param name="used">Grows by the name.</param>
    public static string OfTool(string server, string tool, HashSet<string> used) =>
        Unique(Plain(tool, "tool"), MostCharacters - server.Length - 2, used, name => $"{server}__{name}");

    private static string Unique(string name, int most, HashSet<string> used, Func<string, string> whole)
    {
        var candidate = whole(name.Length > most ? name[..most] : name);
        for (var number = 2; !used.Add(candidate); number++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            candidate = whole(name[..Math.Min(name.Length, most - suffix.Length)] + suffix);
        }

        return candidate;
    }

    /// <summary>Letters, digits, <c>_</c> and <c>-</c>, a letter first.</summary>
    private static string Plain(string name, string otherwise)
    {
        var plain = string.Concat(name.Trim().Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));
        return plain.Length > 0 && char.IsAsciiLetter(plain[0]) ? plain : plain.Length > 0 ? $"{otherwise}-{plain}" : otherwise;
    }
}
