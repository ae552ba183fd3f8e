using OpenClaw.Agents;
using OpenClaw.Models;

namespace OpenClaw.Runs;

/// <summary>A run that may begin. Only <see cref="RunAdmission"/> makes one, so no front can execute or queue a run without it.</summary>
public sealed record AdmittedRun
{
    internal AdmittedRun(RunRequest request, IReadOnlyList<ModelTarget> targets) => (Request, Targets) = (request, targets);

    public RunRequest Request { get; init; }

    /// <summary>The models to ask, in the order they are tried; never empty.</summary>
    public IReadOnlyList<ModelTarget> Targets { get; init; }

    public Agent Agent => Request.Agent;

    /// <summary>Whether the run begins with a command that resets its session.</summary>
    public bool ResetsSession { get; init; }

    /// <summary>When the request came first; null when it cannot be a repeated one.</summary>
    public DateTimeOffset? FirstAskedAt { get; init; }
}
