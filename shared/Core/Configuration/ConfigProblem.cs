namespace OpenClaw.Configuration;

/// <summary>One error or warning. <paramref name="Message"/> is a sentence that names the path and never a value.</summary>
/// <param name="Path">JSON path of the key, such as <c>gateway.port</c>; empty for the document as a whole.</param>
/// <param name="Line">From 1; 0 when the problem is with the file itself, not with its text.</param>
/// <param name="Column">From 1, in UTF-16 units; 0 with line 0.</param>
/// <param name="Variable">The environment variable in which line and column count; null for the file.</param>
public sealed record ConfigProblem(string Path, int Line, int Column, string Message, string? Variable = null)
{
    /// <summary>The message with its place in front, ready to print after the file's name.</summary>
    public override string ToString() => (Variable, Line) switch
    {
        (null, 0) => Message,
        (null, _) => $"line {Line}, column {Column}: {Message}",
        (_, _) when (Line, Column) is (1, 1) => $"environment variable {Variable}: {Message}",
        _ => $"environment variable {Variable}, line {Line}, column {Column}: {Message}",
    };
}
