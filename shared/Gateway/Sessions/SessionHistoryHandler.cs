using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary><c>/sessions/{key}/history</c>: a transcript by session key, as a page or live. Keys are taken verbatim.</summary>
public sealed class SessionHistoryHandler(SessionLookup lookup, SessionStore sessions, HistoryReader history, TimeProvider time)
{
    /// <summary>How often a live transcript polls for new entries.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>The last entries, oldest first; the cursor leads to earlier ones. A live history continues with entries that are committed
    /// later.</summary>
    /// <exception cref="GatewayException"><c>404 not_found</c>, <c>400 invalid_value</c>.</exception>
    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limit = PageQuery.ReadLimit(request.Query, HistoryReader.DefaultLimit, HistoryReader.MaxLimit);
        var found = await lookup.FindVerbatimAsync(request, cancellationToken);
        var page = await history.ReadAsync(found, limit, request.Query["cursor"], newestFirst: true, cancellationToken);
        page = page with { Messages = [.. page.Messages.Reverse()] };
        return request.AcceptsEvents()
            ? new SseResult<HistoryMessage>(FollowAsync(found, page, cancellationToken), SessionsJson.Default.HistoryMessage)
            {
                EventName = static _ => "message",
                EndsWithDone = false,
            }
            : new JsonResult<HistoryPage>(page, SessionsJson.Default.HistoryPage);
    }

    /// <summary>Ends when the session is deleted or expires.</summary>
    private async IAsyncEnumerable<HistoryMessage> FollowAsync(
        FoundSession found, HistoryPage page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var message in page.Messages)
        {
            yield return message;
        }

        for (var at = found.Head.NextSeq; ; at = found.Head.NextSeq)
        {
            await Task.Delay(PollInterval, time, cancellationToken);
            if (await sessions.FindAsync(found.Key, cancellationToken) is not { } head)
            {
                yield break;
            }

            if (head.Epoch != found.Head.Epoch)
            {
                yield return new HistoryMessage(head.EpochFrom, "reset", "system", "") { Timestamp = head.UpdatedAt };
            }

            found = found with { Head = head };
            for (var from = Math.Max(at, head.EpochFrom); from < head.NextSeq; from += HistoryReader.MaxLimit)
            {
                foreach (var message in await history.ReadAsync(found, from, cancellationToken))
                {
                    yield return message;
                }
            }
        }
    }
}
