using Microsoft.Extensions.Logging;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Turns;

/// <summary>Begins the turns of runs.</summary>
public sealed class RunTurns(
    SessionStore sessions, ModelCatalog models, RunReplay replay, SessionCompactor compactor, ILogger<RunTurns> logger)
{
    /// <summary>Takes the session of the run, if it has one. Lease and intent row have been written when this returns.</summary>
    /// <returns>Null when the run has ended already.</returns>
    /// <exception cref="Errors.GatewayException"><c>409 session_busy</c>, <c>503 storage_unavailable</c>, <c>400</c>.</exception>
    internal async Task<RunTurn?> BeginAsync(AdmittedRun run, CancellationToken cancellationToken)
    {
        var request = run.Request;
        if (request.Session is null)
        {
            return new StatelessTurn(run);
        }

        var claim = new TurnClaim(
            request.Session, request.RunId, request.BusyWait)
        { Queued = request.Queued, RepeatedAt = request.RepeatedAt };
        if (await sessions.BeginTurnAsync(claim, cancellationToken) is not { } session)
        {
            return null;
        }

        try
        {
            return new StoredTurn(run, session, models, replay, compactor, logger);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
