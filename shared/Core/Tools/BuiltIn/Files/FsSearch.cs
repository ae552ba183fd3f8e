using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Security;
using OpenClaw.Text;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary><c>fs_search</c>: lines that hold a text or match an expression. Expressions run in time linear in the text, so that none can
/// hold the processor; all of a search has a time limit.</summary>
internal sealed class FsSearch(WorkspaceStore workspace, TimeProvider time) : BuiltInTool(
    "fs_search", "group:fs", isRepeatable: true,
    "Finds lines in the text files of the workspace, by plain text or by a regular expression. Answers with path:line: text.",
    """
    {"type":"object","properties":{
      "query":{"type":"string","description":"What to look for"},
      "path":{"type":"string","description":"Relative path of a folder; the whole workspace by default"},
      "regex":{"type":"boolean","description":"Whether query is a regular expression, without look-around and back-references"},
      "caseSensitive":{"type":"boolean","description":"false by default"},
      "limit":{"type":"integer","minimum":1,"maximum":500,"description":"Most lines, 100 by default"}},
     "required":["query"],"additionalProperties":false}
    """)
{
    private const int MaxQuery = 1_000;

    private const int MaxLine = 300;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(2);

    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var matches = Matcher(input.Text("query", MaxQuery), input.Flag("regex", false), input.Flag("caseSensitive", false));
        var folder = WorkspacePath.OfFolder(input.OptionalText("path"));
        var limit = input.Whole("limit", 100, 1, 500);
        var agent = call.Context.Agent.Id;
        using var late = new CancellationTokenSource(TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var found = new StringBuilder();
        var left = limit;
        try
        {
            await foreach (var entry in workspace.ListAsync(agent, folder, both.Token))
            {
                if (WorkspacePath.Find(entry.Path) is { } path
                    && await workspace.ReadAsync(agent, path, both.Token) is { Content: { } content } && ReadText(content) is { } text)
                {
                    left = Search(entry.Path, text, matches, left, found, both.Token);
                }

                if (left == 0)
                {
                    found.Append(CultureInfo.InvariantCulture, $"[there may be more; only {limit} lines are shown]\n");
                    break;
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or RegexMatchTimeoutException
            && !cancellationToken.IsCancellationRequested)
        {
            found.Append("[the search was stopped at its time limit; name a folder to search less]\n");
        }

        return ToolResult.Of(found.Length == 0 ? "Nothing was found." : UntrustedText.Clean(found.ToString().TrimEnd('\n')));
    }

    private static int Search(
        string path, string text, Func<string, bool> matches, int left, StringBuilder found, CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            cancellationToken.ThrowIfCancellationRequested();
            var line = text[range].TrimEnd('\r');
            if (!matches(line))
            {
                continue;
            }

            found.Append(CultureInfo.InvariantCulture, $"{path}:{number}: {Utf16.Head(line, MaxLine)}\n");
            if (--left == 0)
            {
                break;
            }
        }

        return left;
    }

    private static Func<string, bool> Matcher(string query, bool isRegex, bool isCaseSensitive)
    {
        if (query.Length == 0)
        {
            throw new ToolException("The argument 'query' is empty.");
        }

        if (!isRegex)
        {
            var comparison = isCaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            return line => line.Contains(query, comparison);
        }

        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        try
        {
            var regex = new Regex(query, isCaseSensitive ? options : options | RegexOptions.IgnoreCase, MatchLimit);
            return line => regex.IsMatch(line);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new ToolException("The argument 'query' is not a regular expression that can be used here.");
        }
    }

    /// <summary>Null for what is not text.</summary>
    private static string? ReadText(byte[] content)
    {
        try
        {
            return MediaTypes.Sniff(content) is null ? TextDecoder.Decode(content, charset: null, isHtml: false) : null;
        }
        catch (MediaException)
        {
            return null;
        }
    }
}
