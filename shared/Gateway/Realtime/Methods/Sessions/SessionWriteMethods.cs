using System.Text.Json;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Methods.Chat;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.Methods.Sessions;

/// <summary>The session methods that change a session. Each waits for the run that holds it.</summary>
internal sealed class SessionWriteMethods(
    SessionNames names, SessionView view, SessionStore sessions, SessionSweeper sweeper, SessionCompactor compactor, ChatRuns chat,
    AgentCatalog agents, ModelCatalog models, TimeProvider time) : IControlMethods
{
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(30);

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    public void AddTo(MethodTable table)
    {
        var json = SessionMethodsJson.Default;
        table.Add("sessions.create", Scope.OperatorWrite, json.SessionsCreateParams, json.SessionChanged, CreateAsync);
        table.Add("sessions.patch", Scope.OperatorWrite, json.SessionsPatchParams, json.SessionChanged, PatchAsync);
        table.Add("sessions.reset", Scope.OperatorAdmin, json.SessionsResetParams, json.SessionChanged, ResetAsync);
        table.Add("sessions.compact", Scope.OperatorAdmin, json.SessionKeyParams, json.SessionChanged, CompactAsync);
        table.Add("sessions.delete", Scope.OperatorWrite, json.SessionsDeleteParams, json.SessionDeleted, DeleteAsync);
        table.Add("sessions.send", Scope.OperatorWrite, json.SessionsSendParams, ChatMethodsJson.Default.ChatSendResult, SendAsync);
    }

    private async Task<SessionChanged> CreateAsync(ControlCall call, SessionsCreateParams given, CancellationToken cancellationToken)
    {
        var agent = agents.Find(given.AgentId) ?? throw new GatewayException(GatewayError.ModelNotFound(given.AgentId!));
        call.Caller.RequireAgent(agent.Id);
        var (key, _) = given.Key is { } name
            ? await names.FindAsync(call.Caller, name, given.AgentId, cancellationToken)
            : (SessionKey.Of(call.Caller, agent.Id, $"agent:{agent.Id}:chat:{OwnPart(given.IdempotencyKey)}"), null);
        var (model, thinking) = (CheckModel(given.Model), CheckThinking(given.ThinkingLevel));
        var head = await ChangeAsync(
            key,
            stored =>
            {
                stored.Set("Title", given.Label ?? stored.Title);
                stored.Set("Model", model ?? stored.Model);
                stored.Set("Thinking", thinking ?? stored.Thinking);
            },
            cancellationToken);
        var changed = Describe(call.Caller, key, head) with { SessionId = SessionView.IdOf(key.Partition, head.Epoch), RunStarted = false };
        view.Announce(key, "create");
        if ((given.Message ?? given.Task) is not { Length: > 0 } message)
        {
            return changed;
        }

        var started = await chat.StartAsync(
            call.Caller,
            new ChatInput(changed.Key, null, message, given.IdempotencyKey ?? Guid.NewGuid().ToString("D"))
            {
                Attachments = ChatAttachment.Read(given.Attachments),
            },
            cancellationToken);
        return changed with { RunStarted = true, RunId = started.Name };

        static string OwnPart(string? idempotencyKey) =>
            idempotencyKey is null ? RandomId.Create("") : Secret.HashName("sessions.create", idempotencyKey)[..24];
    }

    private async Task<SessionChanged> PatchAsync(ControlCall call, SessionsPatchParams given, CancellationToken cancellationToken)
    {
        var (key, found) = await names.RequireAsync(call.Caller, given.Key, given.AgentId, cancellationToken);
        if (given.ThinkingLevel.ValueKind != JsonValueKind.Undefined)
        {
            call.Require(Scope.OperatorAdmin);
        }

        CheckExpected(key, found, given.ExpectedSessionId);
        var (label, model, thinking) = (
            Text(given.Label, "label", 512), CheckModel(Text(given.Model, "model", 256)),
            CheckThinking(Text(given.ThinkingLevel, "thinkingLevel", 20)));
        if (given is { Archived: null, Pinned: null } && Keeps(given.Label) && Keeps(given.Model) && Keeps(given.ThinkingLevel))
        {
            return Describe(call.Caller, key, found); // nothing that is stored, such as a mark of what was read
        }

        var head = await ChangeAsync(
            key,
            stored =>
            {
                Set(stored, "Title", given.Label, label);
                Set(stored, "Model", given.Model, model);
                Set(stored, "Thinking", given.ThinkingLevel, thinking);
                stored.IsArchived = given.Archived ?? stored.IsArchived;
                stored.IsPinned = given.Pinned ?? stored.IsPinned;
            },
            cancellationToken);
        view.Announce(key, "patch");
        return Describe(call.Caller, key, head);

        static bool Keeps(JsonElement field) => field.ValueKind == JsonValueKind.Undefined;

        static void Set(SessionHead head, string name, JsonElement field, string? value)
        {
            if (field.ValueKind != JsonValueKind.Undefined)
            {
                head.Set(name, value);
            }
        }
    }

    private async Task<SessionChanged> ResetAsync(ControlCall call, SessionsResetParams given, CancellationToken cancellationToken)
    {
        var (key, _) = await names.FindAsync(call.Caller, given.Key, given.AgentId, cancellationToken);
        var head = await ChangeAsync(key, stored => stored.Reset(time.GetUtcNow(), forget: false), cancellationToken);
        view.Announce(key, given.Reason ?? "reset");
        return Describe(call.Caller, key, head);
    }

    private async Task<SessionChanged> CompactAsync(ControlCall call, SessionKeyParams given, CancellationToken cancellationToken)
    {
        var (key, _) = await names.RequireAsync(call.Caller, given.Key, given.AgentId, cancellationToken);
        var head = await compactor.CompactAsync(call.Caller, key, BusyWait, cancellationToken);
        view.Announce(key, "compact");
        return Describe(call.Caller, key, head);
    }

    /// <summary>Without admin only archived sessions.</summary>
    private async Task<SessionDeleted> DeleteAsync(ControlCall call, SessionsDeleteParams given, CancellationToken cancellationToken)
    {
        if (given.ArchivedOnly != true)
        {
            call.Require(Scope.OperatorAdmin);
        }

        var (key, head) = await names.FindAsync(call.Caller, given.Key, given.AgentId, cancellationToken);
        var name = SessionNames.NameFor(call.Caller, key);
        if (head is null || (given.ArchivedOnly == true && !head.IsArchived))
        {
            return new SessionDeleted(true, name, false, []);
        }

        CheckExpected(key, head, given.ExpectedSessionId);
        await ChangeAsync(key, stored => stored.Delete(time.GetUtcNow()), cancellationToken);
        await sweeper.TrySweepAsync(key, cancellationToken);
        view.Announce(key, "delete");
        return new SessionDeleted(true, name, true, []);
    }

    private async Task<ChatSendResult> SendAsync(ControlCall call, SessionsSendParams given, CancellationToken cancellationToken)
    {
        var started = await chat.StartAsync(
            call.Caller,
            new ChatInput(given.Key, given.AgentId, given.Message, given.IdempotencyKey ?? Guid.NewGuid().ToString("D"))
            {
                Attachments = ChatAttachment.Read(given.Attachments),
                Thinking = given.Thinking,
                Limit = given.TimeoutMs is > 0 and { } limit ? TimeSpan.FromMilliseconds(limit) : null,
            },
            cancellationToken);
        return new ChatSendResult(started.Name, started.Known switch { null => "started", { HasEnded: true } => "ok", _ => "in_flight" });
    }

    private async Task<SessionHead> ChangeAsync(SessionKey key, Action<SessionHead> change, CancellationToken cancellationToken)
    {
        await using var turn = await sessions.BeginNewTurnAsync(key, BusyWait, cancellationToken);
        await turn.ChangeAsync(change, cancellationToken);
        return turn.Head;
    }

    private SessionChanged Describe(Caller caller, SessionKey key, SessionHead head)
    {
        var (provider, model, _) = view.ModelOf(agents.Find(key.Agent) ?? agents.Default, head.Model);
        var at = head.UpdatedAt ?? head.CreatedAt ?? time.GetUtcNow();
        return new SessionChanged(
            true, SessionNames.NameFor(caller, key),
            new SessionEntryInfo(SessionView.IdOf(key.Partition, head.Epoch), at.ToUnixTimeMilliseconds())
            {
                Label = head.Title,
                Model = model,
                ModelProvider = provider,
                ThinkingLevel = head.Thinking,
            },
            new ResolvedModel(provider, model))
        {
            Path = "table:sessions",
        };
    }

    private static void CheckExpected(SessionKey key, SessionHead head, string? expected)
    {
        if (expected is not null && SessionView.IdOf(key.Partition, head.Epoch) != expected)
        {
            throw new GatewayException(GatewayError.InvalidValue("expectedSessionId", "the session was reset since; read it again."));
        }
    }

    /// <exception cref="GatewayException"><c>404 model_not_found</c>.</exception>
    private string? CheckModel(string? model) =>
        model is null || models.Find(model) is not null ? model : throw new GatewayException(GatewayError.ModelNotFound(model));

    private static string? CheckThinking(string? level) => level switch
    {
        null => null,
        "off" => "none",
        _ when Efforts.Contains(level) => level,
        _ => throw new GatewayException(GatewayError.InvalidValue("thinkingLevel", $"one of off, {string.Join(", ", Efforts)}.")),
    };

    private static string? Text(JsonElement value, string param, int most) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String when value.GetString()!.Trim() is { Length: > 0 } text && text.Length <= most && !text.Any(char.IsControl) => text,
        _ => throw new GatewayException(GatewayError.InvalidValue(param, $"1 to {most} printable characters, or null.")),
    };
}
