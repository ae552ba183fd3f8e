using System.Globalization;
using System.Text;

namespace OpenClaw.Tools.Workspace;

/// <summary>Where a file is in a workspace: names separated by <c>/</c>, kept as they are spelled. Nothing that a system or a proxy
/// could read as another place.</summary>
public sealed record WorkspacePath
{
    public const int MaxLength = 512;

    private const int MaxSegments = 32;

    private WorkspacePath(string value) => Value = value;

    /// <summary>The whole workspace, as a folder.</summary>
    public static WorkspacePath Root { get; } = new("");

    /// <summary>Such as <c>notes/today.md</c>; empty for the root.</summary>
    public string Value { get; }

    public bool IsRoot => Value.Length == 0;

    /// <exception cref="ToolException">The path is not one of a file.</exception>
    public static WorkspacePath OfFile(string text) => Read(text) is { IsRoot: false } path && !text.EndsWith('/') ? path
        : throw new ToolException("The path must name a file, such as 'notes/today.md'.");

    /// <param name="text">Null, empty, <c>.</c> and <c>/</c> are the root.</param>
    /// <exception cref="ToolException">The path is not one of a folder.</exception>
    public static WorkspacePath OfFolder(string? text) => text is null or "" or "." or "/" ? Root : Read(text);

    /// <summary>Whether a name that others gave is one that can be asked for.</summary>
    public static WorkspacePath? Find(string text)
    {
        try
        {
            return OfFile(text) is { } path && path.Value == text ? path : null;
        }
        catch (ToolException)
        {
            return null;
        }
    }

    public override string ToString() => Value;

    private static WorkspacePath Read(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ToolException($"The path is too long; it may have {MaxLength} characters.");
        }

        if (text.StartsWith('/') || text.StartsWith('~'))
        {
            throw new ToolException("The path must be relative to the workspace: without '/' or '~' in front.");
        }

        if (text.Contains('\\') || text.Contains(':') || text.EnumerateRunes().Any(IsForbidden) || HasPercentCode(text))
        {
            throw new ToolException(
                "The path must not hold control or invisible characters, '\\', ':' or percent codes; folders are separated by '/'.");
        }

        var segments = text.Split('/').Where(s => s is not ("" or ".")).ToList();
        if (segments.Exists(s => s.Trim(' ').TrimEnd('.') != s)) // ".." and "..." too
        {
            throw new ToolException("The path must not leave the workspace: '..', and names that end in a dot or blank, are not allowed.");
        }

        return segments.Count <= MaxSegments ? new WorkspacePath(string.Join('/', segments))
            : throw new ToolException($"The path is too deep; it may have {MaxSegments} names.");
    }

    private static bool IsForbidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned || rune == Rune.ReplacementChar;

    private static bool HasPercentCode(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
