using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Schedules;
using OpenClaw.Security;
using OpenClaw.Security.Signatures;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Accepts what calls ask for: once this returns, the run or the event is stored.</summary>
public sealed partial class HookActions(
    HookSessions sessions, HookRuns runs, RunAdmission admission, RunControl control, IdempotencyStore claims, IReplyRoutes routes,
    Wakes wakes, TimeProvider time, ILogger<HookActions> logger)
{
    public const string NextHeartbeat = "next-heartbeat";

    private const string Isolated = "isolated";

    private const string Persistent = "persistent";

    private const int MaxSeconds = 86_400;

    private const int MaxName = 200;

    /// <summary>How long accepting may take; the sender tries again afterwards.</summary>
    private static readonly TimeSpan AcceptTime = TimeSpan.FromSeconds(15);

    /// <summary>Accepts an agent call.</summary>
    /// <param name="mapping">Null when the caller itself asks.</param>
    /// <param name="hasOwnersKey">Whether the session key is as the configuration has it.</param>
    /// <returns>The id of the run: an earlier one when the same call came before.</returns>
    /// <exception cref="GatewayException"><c>400</c>, <c>402</c>, <c>422 idempotency_mismatch</c>, <c>429</c>, <c>503</c>: nothing was
    /// accepted.</exception>
    internal async Task<string> StartAsync(
        HooksSection hooks, AgentRequest ask, HookMappingSection? mapping, bool hasOwnersKey, HookKey? key,
        CancellationToken cancellationToken)
    {
        Check(hooks, ask, isMapped: mapping is not null);
        var agent = sessions.FindAgent(hooks, ask.AgentId, isOwners: mapping is not null);
        var session = HookSessions.FindSession(hooks, agent, ask.SessionKey, ask.SessionMode, hasOwnersKey);
        string? unnamed = null;
        return await LimitAsync(
            async token =>
            {
                var (runId, kept) = await ClaimAsync(key, ask, session, token);
                unnamed = key is null ? runId : null;
                var hook = new QueuedHook(agent, ContentOf(ask, mapping), time.GetUtcNow())
                {
                    Model = ask.Model,
                    Thinking = ask.Thinking,
                    TimeoutSeconds = ask.TimeoutSeconds,
                    Route = ask.Deliver == false || ask.Channel is null ? null
                        : await routes.FindAsync(agent, new ReplyTarget(ask.Channel, ask.To, ask.AccountId), token),
                    CallbackUrl = ask.CallbackUrl,
                };
                var queued = QueuedRun.Create(
                    kept, runId, HookRuns.RunKind, JsonSerializer.Serialize(hook, HooksJson.Default.QueuedHook), hook.AcceptedAt);
                var admitted = await admission.AdmitAsync(runs.ToRunRequest(hook, queued), token);
                return await control.AcceptAsync(admitted, queued, [], null, token);
            },
            () => unnamed is null ? Task.CompletedTask : CancelAsync(unnamed),
            cancellationToken);
    }

    /// <summary>Accepts a wake.</summary>
    /// <returns>False when an equal event waits already.</returns>
    /// <inheritdoc cref="StartAsync"/>
    internal async Task<bool> WakeAsync(
        HooksSection hooks, WakeRequest ask, bool isMapped, bool hasOwnersKey, HookKey? key, CancellationToken cancellationToken)
    {
        RefuseUnknown(ask.Unknown);
        if (string.IsNullOrWhiteSpace(ask.Text))
        {
            throw new GatewayException(GatewayError.MissingField("text"));
        }

        if (ask.Text.Length > SessionEvents.MaxLength)
        {
            throw new GatewayException(GatewayError.InvalidValue("text", $"at most {SessionEvents.MaxLength} characters."));
        }

        var isNow = ModeOf(ask.Mode, "mode") != NextHeartbeat;
        if (!isNow && !isMapped && ask.SessionKey is not null)
        {
            throw new GatewayException(GatewayError.InvalidValue("sessionKey", "only with the mode 'now'."));
        }

        var agent = sessions.FindAgent(hooks, ask.AgentId, isMapped);
        var session = HookSessions.FindWakeSession(hooks, agent, ask.SessionKey, hasOwnersKey);
        return await LimitAsync(
            token => wakes.WakeAsync(HookSessions.Caller, session, ask.Text, isNow, key?.Name, token), static () => Task.CompletedTask,
            cancellationToken);
    }

    internal static string ModeOf(string? mode, string param) => mode switch
    {
        null or "now" => "now",
        NextHeartbeat => NextHeartbeat,
        _ => throw new GatewayException(GatewayError.InvalidValue(param, $"'now' or '{NextHeartbeat}'.")),
    };

    /// <summary>A call with a key claims it first, with its run and session: a repeated call finds them, and accepts the run if the first
    /// one could not.</summary>
    private async Task<(string RunId, SessionKey Session)> ClaimAsync(
        HookKey? key, AgentRequest ask, SessionKey session, CancellationToken cancellationToken)
    {
        var runId = RunId.New(session);
        if (key is null)
        {
            return (runId, session);
        }

        var hash = key.Hash ?? HashOf(JsonSerializer.SerializeToUtf8Bytes(
            ask with { IdempotencyKey = null, WaitForResult = null }, HooksJson.Default.AgentRequest));
        var claim = await claims.ClaimAsync(
            new IdempotencyKey(key.Subject, key.Route, key.Key, hash), runId, session, null, cancellationToken);
        return (claim.RunId, claim.Session);
    }

    internal static string HashOf(ReadOnlySpan<byte> content) => Base32.Encode(SHA256.HashData(content));

    /// <summary>A run that could not be accepted in time is not left behind, unless it has a key: then the sender's next try finds
    /// it.</summary>
    private async Task<T> LimitAsync<T>(
        Func<CancellationToken, Task<T>> accept, Func<Task> abandon, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(AcceptTime, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await accept(limit.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _ = abandon();
            throw new GatewayException(GatewayError.StorageUnavailable());
        }
    }

    /// <summary>Nobody waits for it.</summary>
    private async Task CancelAsync(string runId)
    {
        try
        {
            await control.ForbidAsync(RunId.Parse(runId)!.Value.Partition, runId, CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNotCancelled(runId, failure.Message);
        }
    }

    private void Check(HooksSection hooks, AgentRequest ask, bool isMapped)
    {
        RefuseUnknown(ask.Unknown);
        if (string.IsNullOrWhiteSpace(ask.Message))
        {
            throw new GatewayException(GatewayError.MissingField("message"));
        }

        Require(ask.Name is null or { Length: > 0 and <= MaxName }, "name", $"1 to {MaxName} characters.");
        Require(ask.SessionMode is null or Isolated or Persistent, "sessionMode", $"'{Isolated}' or '{Persistent}'.");
        Require(
            ask.SessionMode != Persistent || (ask.SessionKey ?? hooks.DefaultSessionKey) is not null, "sessionMode",
            "a persistent session needs a sessionKey, or hooks.defaultSessionKey.");
        Require(ask.TimeoutSeconds is null or (> 0 and <= MaxSeconds), "timeoutSeconds", $"1 to {MaxSeconds}.");
        Require(ask.Thinking is null or { Length: > 0 and <= 32 }, "thinking", "a level such as 'low' or 'high'.");
        Require(ask.WakeMode is null or "now", "wakeMode", $"'now': an agent call runs at once; a wake can wait ('{NextHeartbeat}').");
        var isLast = ask.Channel == IReplyRoutes.Last;
        Require(!isLast || isMapped, "channel", $"a channel; '{IReplyRoutes.Last}' is for mappings only.");
        Require(isLast || ask.Channel is null == ask.To is null, ask.To is null ? "to" : "channel", "'channel' and 'to' go together.");
        Require(ask.AccountId is null || ask.Channel is not null, "accountId", "only with 'channel' and 'to'.");
        if (ask.CallbackUrl is { } url)
        {
            Require(
                hooks.CallbackSecret is { } secret && StandardWebhook.IsSecret(secret), "callbackUrl",
                "the gateway has no hooks.callbackSecret to sign with.");
            routes.CheckUrl(url, UrlUse.HookCallback, "callbackUrl");
        }
    }

    /// <summary>What the model is told. Content from elsewhere is marked as such, once, here.</summary>
    private static string ContentOf(AgentRequest ask, HookMappingSection? mapping) =>
        mapping?.AllowUnsafeExternalContent == true ? ask.Message! : UntrustedText.Wrap(ask.Message!, ("Hook", ask.Name ?? "Hook"));

    private static void RefuseUnknown(Dictionary<string, JsonElement>? unknown)
    {
        if (unknown is { Count: > 0 })
        {
            var name = Utf16.Head(unknown.Keys.First(), 64);
            throw new GatewayException(GatewayError.InvalidRequest($"There is no field '{name}'.", name));
        }
    }

    private static void Require(bool holds, string param, string message)
    {
        if (!holds)
        {
            throw new GatewayException(GatewayError.InvalidValue(param, message));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Run {RunId}, whose hook was refused for lateness, could not be cancelled: {Reason}")]
    private partial void LogNotCancelled(string runId, string reason);
}
