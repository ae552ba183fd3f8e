using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Sessions;

/// <summary>The actions on one session, by name. An action that changes the session waits for the run that holds it.</summary>
public sealed class SessionActions
{
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(30);

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    private readonly OrderedDictionary<string, (Scope Scope, Func<SessionCall, CancellationToken, Task<IResult>> Run)> _actions;
    private readonly SessionLookup _lookup;
    private readonly SessionStore _sessions;
    private readonly SessionSweeper _sweeper;
    private readonly SessionCompactor _compactor;
    private readonly HistoryReader _history;
    private readonly ModelCatalog _models;
    private readonly TimeProvider _time;

    public SessionActions(
        SessionLookup lookup, SessionStore sessions, SessionSweeper sweeper, SessionCompactor compactor, HistoryReader history,
            ModelCatalog models,
        SessionMessages messages, TimeProvider time)
    {
        (_lookup, _sessions, _sweeper, _compactor, _history, _models, _time) = (
            lookup, sessions, sweeper, compactor, history, models, time);
        _actions = new(StringComparer.Ordinal)
        {
            ["get"] = (Scope.OperatorRead, GetAsync),
            ["history"] = (Scope.OperatorRead, ReadHistoryAsync),
            ["patch"] = (Scope.OperatorWrite, PatchAsync),
            ["reset"] = (Scope.OperatorAdmin, ResetAsync),
            ["compact"] = (Scope.OperatorAdmin, CompactAsync),
            ["delete"] = (Scope.OperatorAdmin, DeleteAsync),
            ["send"] = (Scope.OperatorWrite, messages.SendAsync),
            ["abort"] = (Scope.OperatorWrite, messages.AbortAsync),
        };
    }

    /// <exception cref="GatewayException"><c>400 unknown_action</c>, <c>403 missing_scope</c>, <c>404 session_not_found</c>, <c>409
    /// session_busy</c>.</exception>
    public async Task<IResult> RunAsync(HttpRequest request, SessionActionRequest body, CancellationToken cancellationToken)
    {
        if (!_actions.TryGetValue(body.Action ?? "", out var action))
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                $"'action' must be one of {string.Join(", ", _actions.Keys)}.", "action", ErrorCode.UnknownAction));
        }

        request.RequireCaller().Require(action.Scope);
        return await action.Run(new SessionCall(request, body, await _lookup.FindAsync(request, cancellationToken)), cancellationToken);
    }

    private Task<IResult> GetAsync(SessionCall call, CancellationToken cancellationToken) => Task.FromResult<IResult>(Describe(call.Found));

    private async Task<IResult> ReadHistoryAsync(SessionCall call, CancellationToken cancellationToken) => new ApiResult<HistoryPage>(
        await _history.ReadAsync(
            call.Found, PageQuery.CheckLimit(call.Body.Limit ?? HistoryReader.DefaultLimit, HistoryReader.MaxLimit), call.Body.Cursor,
            PageQuery.IsNewestFirst(call.Body.Order), cancellationToken),
        SessionsJson.Default.HistoryPage);

    private async Task<IResult> PatchAsync(SessionCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var title = Text(body.Title, "title", 200);
        var model = Text(body.Model, "model", 256);
        var thinking = Text(body.Thinking, "thinking", 20);
        var labels = Labels(body.Labels);
        if (body.Thinking.ValueKind != JsonValueKind.Undefined)
        {
            call.Request.RequireCaller().Require(Scope.OperatorAdmin);
        }

        if (model is not null && _models.Find(model) is null)
        {
            throw new GatewayException(GatewayError.ModelNotFound(model));
        }

        if (thinking is not null && !Efforts.Contains(thinking))
        {
            throw new GatewayException(GatewayError.InvalidValue("thinking", $"one of {string.Join(", ", Efforts)}."));
        }

        return Describe(await ChangeAsync(call, head =>
        {
            Set(head, "Title", body.Title, title);
            Set(head, "Model", body.Model, model);
            Set(head, "Thinking", body.Thinking, thinking);
            Set(head, "Labels", body.Labels, labels);
        }, cancellationToken));
    }

    private async Task<IResult> ResetAsync(SessionCall call, CancellationToken cancellationToken) =>
        Describe(await ChangeAsync(call, head => head.Reset(_time.GetUtcNow(), forget: false), cancellationToken));

    private async Task<IResult> CompactAsync(SessionCall call, CancellationToken cancellationToken) =>
        Describe(call.Found with
        {
            Head = await _compactor.CompactAsync(call.Request.RequireCaller(), call.Found.Key, BusyWait, cancellationToken),
        });

    private async Task<IResult> DeleteAsync(SessionCall call, CancellationToken cancellationToken)
    {
        await ChangeAsync(call, head => head.Delete(_time.GetUtcNow()), cancellationToken);
        await _sweeper.TrySweepAsync(call.Found.Key, cancellationToken);
        return new ApiResult<SessionOutcome>(new SessionOutcome(call.Found.Id, "delete", true), SessionsJson.Default.SessionOutcome);
    }

    private async Task<FoundSession> ChangeAsync(SessionCall call, Action<SessionHead> change, CancellationToken cancellationToken)
    {
        await using var turn = await _sessions.BeginNewTurnAsync(call.Found.Key, BusyWait, cancellationToken);
        await turn.ChangeAsync(change, cancellationToken);
        return call.Found with { Head = turn.Head };
    }

    private ApiResult<SessionInfo> Describe(FoundSession found) =>
        new(SessionLookup.Describe(found, _sessions.IsHeld(found.Head)), SessionsJson.Default.SessionInfo);

    private static void Set(SessionHead head, string name, JsonElement given, string? value)
    {
        if (given.ValueKind != JsonValueKind.Undefined)
        {
            head.Set(name, value);
        }
    }

    private static string? Text(JsonElement value, string param, int most) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String when value.GetString() is { } text =>
            text.Trim() is { Length: > 0 } trimmed && trimmed.Length <= most && !trimmed.Any(char.IsControl)
            ? trimmed
            : throw new GatewayException(GatewayError.InvalidValue(param, $"1 to {most} printable characters.")),
        _ => throw new GatewayException(GatewayError.InvalidType(param, "a string or null")),
    };

    private static string? Labels(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.Array when value.GetArrayLength() <= 20 =>
            value.GetArrayLength() == 0 ? null
                : string.Join('\n', value.EnumerateArray().Select(l => Text(l, "labels", 50) ?? throw NoLabels())),
        _ => throw NoLabels(),
    };

    private static GatewayException NoLabels() => new(GatewayError.InvalidType("labels", "a list of at most 20 strings, or null"));
}
