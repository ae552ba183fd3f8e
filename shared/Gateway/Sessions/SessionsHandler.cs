using System.Globalization;
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
        var found = (await index.ListAsync(caller.IsOperator ? null : caller.Subject, cancellationToken))
            .Where(e => (agent.Length == 0 || e.Agent.Equals(agent, StringComparison.OrdinalIgnoreCase))
                && (search.Length == 0 || Matches(e, search)))
            .ToList();
        var start = PageQuery.ReadText(request.Query, "cursor") is { } cursor ? After(found, cursor) : 0;
        var page = found.Skip(start).Take(limit).ToList();
        return new ApiResult<SessionList>(
            new SessionList([.. page.Select(lookup.Describe)], found.Count, start + page.Count < found.Count ? CursorOf(page[^1]) : null),
            SessionsJson.Default.SessionList);
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

    private static string CursorOf(SessionEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.UpdatedAt.UtcTicks}-{entry.Partition}");

    /// <summary>The index at which the list continues, also when the session of the cursor has moved or was deleted since.</summary>
    private static int After(List<SessionEntry> entries, string cursor)
    {
        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !long.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
        {
            throw new GatewayException(GatewayError.InvalidValue("cursor", "it must come from the page before."));
        }

        var at = entries.FindIndex(e => e.UpdatedAt.UtcTicks < ticks
            || (e.UpdatedAt.UtcTicks == ticks && string.CompareOrdinal(e.Partition, cursor[(dash + 1)..]) > 0));
        return at < 0 ? entries.Count : at;
    }
}
