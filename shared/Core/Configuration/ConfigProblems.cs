using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

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
