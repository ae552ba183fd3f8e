using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary>Durable runs under the names that clients give them. A message that is sent again under the same key finds its run, on any
/// instance:
/// <code>
/// find the session ─► admit ─► claim the key ─► accept the run (RunControl) ─► follow it for clients
/// </code></summary>
internal sealed class ChatRuns(
    SessionNames names, AgentCatalog agents, RunAdmission admission, RunControl control, RunLimits limits, IdempotencyStore idempotency,
    RunReplay replay, RunBroadcast broadcast, SessionView view, GatewayConfigStore config, TimeProvider time)
{
    private const string Route = "control plane";

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    /// <param name="subscriptions">Of the client that is to see the run's events; null for one that follows the run itself.</param>
    /// <exception cref="GatewayException"><c>400</c>, <c>402 budget_exceeded</c>, <c>403</c>, <c>404</c>, <c>422 idempotency_mismatch</c>,
    /// <c>503 storage_unavailable</c>: nothing was accepted.</exception>
    public async Task<StartedChat> StartAsync(
        Caller caller, ChatInput input, CancellationToken cancellationToken, IEventSubscriptions? subscriptions = null)
    {
        if (string.IsNullOrWhiteSpace(input.Message) && input.Attachments.Count == 0)
        {
            throw new GatewayException(GatewayError.MissingField("message"));
        }

        if (input.Key.Length > IdempotencyKey.MaxLength)
        {
            throw new GatewayException(
                GatewayError.InvalidValue("idempotencyKey", $"it must have 1 to {IdempotencyKey.MaxLength} characters."));
        }

        if (input.Thinking is "off")
        {
            input = input with { Thinking = "none" };
        }

        if (input.Thinking is { } effort && !Efforts.Contains(effort))
        {
            throw new GatewayException(GatewayError.InvalidValue("thinking", $"one of off, {string.Join(", ", Efforts)}."));
        }

        var session = await FindSessionAsync(caller, input, cancellationToken);
        var chat = new QueuedChat(caller, session.Agent, input with { Session = null, AgentId = null });
        var queued = QueuedRun.Create(
            session, RunId.New(session), QueuedChats.RunKind, JsonSerializer.Serialize(chat, ChatMethodsJson.Default.QueuedChat),
            time.GetUtcNow()) with
        { Alias = input.Key };
        var request = chat.ToRunRequest(queued, admission, config.Current.Gateway.Http.Endpoints, limits.Background);
        var admitted = await admission.AdmitAsync(request, cancellationToken);
        var claimed = new IdempotencyKey(caller.Subject, Route, input.Key, HashOf(session, chat.Input));
        var claim = await idempotency.ClaimAsync(claimed, queued.RunId, session, null, cancellationToken);
        var known = claim.IsNew ? null : await replay.FindAsync(session.Partition, claim.RunId, cancellationToken);
        if (subscriptions is not null && known is not { HasEnded: true })
        {
            await subscriptions.WatchRunsAsync(session, cancellationToken);
        }

        if (known is null)
        {
            if (input.Interrupts)
            {
                await control.AbortAsync(session, cancellationToken);
            }

            await control.AcceptAsync(
                admitted, queued with { RunId = claim.RunId }, [], $"chat {caller.Subject} {input.Key}", cancellationToken);
        }

        if (known is not { HasEnded: true })
        {
            broadcast.Follow(session, claim.RunId, input.Key);
            view.Announce(session, "send", accepted: input.Key);
        }

        return new StartedChat(input.Key, claim.RunId, session, known);
    }

    /// <summary>The run that a client knows by its own name, or by the id of a durable run.</summary>
    /// <returns>Null when the caller has no such run.</returns>
    public async Task<StartedChat?> FindAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        if (RunId.Parse(name) is { } id)
        {
            var row = await replay.FindAsync(id.Partition, name, cancellationToken);
            return row is not null && (caller.IsOperator || row.Owner == caller.Subject)
                ? new StartedChat(name, name, null, row) : null;
        }

        return name.Length <= IdempotencyKey.MaxLength
            && await idempotency.FindAsync(caller.Subject, Route, name, cancellationToken) is { } claim
                ? new StartedChat(
                    name, claim.RunId, claim.Session, await replay.FindAsync(claim.Session.Partition, claim.RunId, cancellationToken))
                : null;
    }

    private async Task<SessionKey> FindSessionAsync(Caller caller, ChatInput input, CancellationToken cancellationToken)
    {
        if (input.Session is { } name)
        {
            return (await names.FindAsync(caller, name, input.AgentId, cancellationToken)).Key;
        }

        var agent = agents.Find(input.AgentId) ?? throw new GatewayException(GatewayError.ModelNotFound(input.AgentId!));
        return SessionNames.MainOf(caller, agent);
    }

    private static string HashOf(SessionKey session, ChatInput input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(session.Partition + input.Message));
        foreach (var attachment in input.Attachments)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(attachment.Url));
        }

        return Base32.Encode(hash.GetHashAndReset());
    }
}

/// <summary>A run that a client began.</summary>
/// <param name="Name">The client's name for it.</param>
/// <param name="RunId">The gateway's id.</param>
/// <param name="Session">Null for a run that was found by the gateway's id.</param>
/// <param name="Known">Its state, when it was begun before; null for a new one.</param>
internal sealed record StartedChat(string Name, string RunId, SessionKey? Session, RunRow? Known)
{
    public string Partition => Session?.Partition ?? Known!.Partition;
}
