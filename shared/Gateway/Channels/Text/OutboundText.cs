using System.Text.RegularExpressions;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>Takes out of a model's answer what is not meant for people: the gateway's boundary markers, tokens of chat templates, and
/// blocks in which models write to their own harness.</summary>
internal static partial class OutboundText
{
    public static string Clean(string markdown)
    {
        var text = Blocks().Replace(markdown, "");
        text = Tags().Replace(text, "");
        return UntrustedText.Clean(text).Replace(UntrustedText.Removed, "", StringComparison.Ordinal).Trim();
    }

    private const string Names = "system-reminder|tool_calls?|tool_result|tool_use|tool_response|function_calls?|function_results|invoke|"
        + "think|thinking";

    /// <summary>A block with its content; one that is not closed goes on to the end.</summary>
    [GeneratedRegex(
        "<(" + Names + ")(\\s[^<>]*)?>.*?(</\\1\\s*>|\\z)", RegexOptions.IgnoreCase | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 2000)]
    private static partial Regex Blocks();

    /// <summary>What is left of such a block whose beginning is missing.</summary>
    [GeneratedRegex("</?(" + Names + ")(\\s[^<>]*)?>", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Tags();
}
