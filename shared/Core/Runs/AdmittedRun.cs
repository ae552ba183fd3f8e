using OpenClaw.Agents;
using OpenClaw.Models;

namespace OpenClaw.Runs;

/// <summary>A run that may begin: see <see cref="RunAdmission"/>.</summary>
/// <param name="Targets">The models to ask, in the order they are tried; never empty.</param>
public sealed record AdmittedRun(RunRequest Request, IReadOnlyList<ModelTarget> Targets)
{
    public Agent Agent => Request.Agent;

    /// <summary>Whether the run begins with a command that resets its session.</summary>
    public bool ResetsSession { get; init; }

    /// <summary>When the request came first; null when it cannot be a repeated one.</summary>
    public DateTimeOffset? FirstAskedAt { get; init; }
}
