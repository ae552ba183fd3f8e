using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>Runs of a session without a waiting caller: accepts a message to be answered later, and cancels the running one.</summary>
public sealed class SessionMessages(SessionLookup lookup, RunAdmission admission, RunLimits limits, RunControl control, TimeProvider time)
{
    /// <summary>Accepts a message into the session's inbox. It is answered after those before it, whichever instance dies.</summary>
    /// <exception cref="GatewayException"><c>400</c>, <c>402 budget_exceeded</c>, <c>403</c>, <c>429
    /// too_many_waiting_runs</c>, <c>503 storage_unavailable</c>: nothing was
    /// accepted.</exception>
    public async Task<IResult> SendAsync(SessionCall call, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(call.Body.Message))
        {
            throw new GatewayException(GatewayError.MissingField("message"));
        }

        var caller = call.Request.RequireCaller();
        var selection = call.Request.ReadSelection(caller, null) with { Agent = call.Found.Key.Agent };
        var message = new QueuedMessage(caller, selection, call.Body.Message);
        var queued = message.ToQueuedRun(call.Found.Key, time.GetUtcNow());
        var admitted = await admission.AdmitAsync(message.ToRunRequest(queued, admission, limits.Background), cancellationToken);
        var eventId = IdempotentRequests.ReadKey(call.Request, call.Body.IdempotencyKey) is { } key ? $"send {caller.Subject} {key}" : null;
        var runId = await control.AcceptAsync(admitted, queued, [], eventId, cancellationToken);
        return new ApiResult<SessionRun>(
            new SessionRun(call.Found.Id, "send", runId), SessionsJson.Default.SessionRun, StatusCodes.Status202Accepted);
    }

    /// <summary>Cancels the run that holds the session, on whichever instance it is.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> AbortAsync(SessionCall call, CancellationToken cancellationToken) => new ApiResult<SessionRun>(
        new SessionRun(call.Found.Id, "abort", await control.AbortAsync(call.Found.Key, cancellationToken)),
            SessionsJson.Default.SessionRun);

    /// <summary>Cancels the run that holds a session named by its key, for <c>/sessions/{key}/kill</c>.</summary>
    /// <exception cref="GatewayException"><c>404 not_found</c>.</exception>
    public async Task<IResult> KillAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var found = await lookup.FindVerbatimAsync(request, cancellationToken);
        var runId = await control.AbortAsync(found.Key, cancellationToken);
        return new JsonResult<KilledSession>(new KilledSession(true, found.Key.Key, runId), SessionsJson.Default.KilledSession);
    }
}
