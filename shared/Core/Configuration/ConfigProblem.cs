using OpenClaw.Configuration.Parsing;

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

/// <summary>What loading came to.</summary>
/// <param name="Config">Null exactly when there are errors.</param>
/// <param name="Errors">In the order of the text; at most 20, then one that counts the rest.</param>
/// <param name="Warnings">One per key that is deprecated or has no effect here.</param>
/// <param name="Path">The file read, or tried; null when defaults and environment are all there is.</param>
public sealed record ConfigResult(
    GatewayConfig? Config, IReadOnlyList<ConfigProblem> Errors, IReadOnlyList<ConfigProblem> Warnings, string? Path);

/// <summary>Collects problems, so that one load reports all of them.</summary>
internal sealed class ConfigProblems
{
    private const int MostErrors = 20;

    private readonly List<ConfigProblem> _errors = [];
    private readonly List<ConfigProblem> _warnings = [];
    private readonly HashSet<string> _warned = [];
    private int _unlisted;

    public IReadOnlyList<ConfigProblem> Errors => _unlisted == 0
        ? _errors
        : [.. _errors, new ConfigProblem("", 0, 0, $"There are {_unlisted} more errors that are not listed.")];

    public IReadOnlyList<ConfigProblem> Warnings => _warnings;

    public void Error(ConfigProblem problem)
    {
        if (_errors.Count < MostErrors)
        {
            _errors.Add(problem);
        }
        else
        {
            _unlisted++;
        }
    }

    public void Error(string path, ConfigNode at, string message) =>
        Error(new ConfigProblem(path, at.Line, at.Column, message, at.Variable));

    public void Warn(string path, ConfigNode at, string message) =>
        _warnings.Add(new ConfigProblem(path, at.Line, at.Column, message, at.Variable));

    /// <summary>Warns about the first of all keys that share a pattern, so that ten agents do not warn ten times.</summary>
    public void WarnOnce(string pattern, string path, ConfigMember key, string message)
    {
        if (_warned.Add(pattern))
        {
            _warnings.Add(new ConfigProblem(path, key.Line, key.Column, message, key.Value.Variable));
        }
    }

    public ConfigResult ToResult(GatewayConfig config) => new(_errors.Count == 0 ? config : null, Errors, _warnings, Path: null);
}
