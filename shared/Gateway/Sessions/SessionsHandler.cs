using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary><c>/api/sessions</c>: the list, and the actions on one session.</summary>
public sealed class SessionsHandler(SessionLookup lookup, SessionIndex index, SessionActions actions, Transcript transcript)
{
    private const int MaxList = 200;

    private const int DefaultList = 50;

    private const long MaxBody = 1_000_000;

    /// <summary>Newest first. The operator sees all sessions, other callers their own.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = request.RequireCaller();
        var limit = PageQuery.ReadLimit(request.Query, DefaultList, MaxList);
        var agent = request.Query["agent"].ToString();
        var search = (PageQuery.ReadText(request.Query, "search") is { } text ? text : request.Query["q"].ToString()).Trim();
        var page = new SessionPage(limit, PageQuery.ReadText(request.Query, "cursor"));
        int? expected = agent.Length == 0 && search.Length == 0 ? limit + 1 : null;
        await foreach (var entry in index.ReadAsync(caller.IsOperator ? null : caller.Subject, page.After, expected, cancellationToken))
        {
            var isAsked = (agent.Length == 0 || entry.Agent.Equals(agent, StringComparison.OrdinalIgnoreCase))
                && (search.Length == 0 || Matches(entry, search));
            if (!page.TryAdd(entry, isAsked))
            {
                break;
            }
        }

        return new ApiResult<SessionList>(
            new SessionList([.. page.Entries.Select(lookup.Describe)], page.Total, page.Next), SessionsJson.Default.SessionList);
    }

    /// <exception cref="GatewayException"><c>404 session_not_found</c>.</exception>
    public Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellationToken) =>
        actions.RunAsync(request, new SessionActionRequest { Action = "get" }, cancellationToken);

    /// <exception cref="GatewayException"><c>404 session_not_found</c>, <c>403 missing_scope</c>, <c>409 session_busy</c>.</exception>
    public Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellationToken) =>
        actions.RunAsync(request, new SessionActionRequest { Action = "delete" }, cancellationToken);

    /// <summary>Runs the action that the body names.</summary>
    /// <exception cref="GatewayException"><c>400 unknown_action</c>, and what the action says.</exception>
    public async Task<IResult> OperateAsync(HttpRequest request, CancellationToken cancellationToken) =>
        await actions.RunAsync(
            request, await request.ReadJsonAsync(SessionsJson.Default.SessionActionRequest, MaxBody, cancellationToken), cancellationToken);

    /// <summary>The whole transcript as JSON lines: a header, then every item as it is stored. <c>archived=true</c> adds items before
    /// resets.</summary>
    /// <exception cref="GatewayException"><c>404 session_not_found</c>.</exception>
    public async Task<IResult> ExportAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var found = await lookup.FindAsync(request, cancellationToken);
        return new SessionExport(found, transcript, request.Query["archived"] == "true" ? 0 : found.Head.EpochFrom);
    }

    private static bool Matches(SessionEntry entry, string search) =>
        entry.Key.Contains(search, StringComparison.OrdinalIgnoreCase)
            || entry.Title?.Contains(search, StringComparison.OrdinalIgnoreCase) == true
        || entry.Labels.Contains(search, StringComparer.OrdinalIgnoreCase);
}
