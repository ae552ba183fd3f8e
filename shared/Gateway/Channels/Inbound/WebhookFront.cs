using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Channels.Inbound;

/// <summary>Takes the calls of platforms. Nothing is stored or parsed before the call is proven:
/// <code>
/// (1) headers ─► (2) body, limited in bytes and time ─► (3) signature over its bytes: exactly one account ─► (4) parse
///  ─► (5) accept each message: durable, with a wake-up ─► (6) answer the platform, whatever the model does then
/// </code>
/// A call that could not be stored is answered 503, and the platform repeats it.</summary>
public sealed partial class WebhookFront(
    ChannelList channels, ChannelInbox acceptance, ChannelReports reports, GatewayConfigStore config, HostTraits host, TimeProvider time,
    ILogger<WebhookFront> logger)
{
    /// <exception cref="GatewayException"><c>404 not_found</c>: the channel is off. <c>401</c>, <c>413</c>, <c>408</c>, <c>400</c>, <c>503
    /// storage_unavailable</c>, <c>503 configuration_invalid</c>.</exception>
    public async Task<IResult> ReceiveAsync(string id, HttpRequest request, CancellationToken cancellationToken)
    {
        var accounts = channels.AccountsOf(id);
        if (channels.Find(id) is not { Methods.Count: > 0 } channel || accounts.Count == 0)
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        var settings = config.Current.Gateway.Webhooks;
        var limit = TimeSpan.FromMilliseconds(settings.Timeout);
        limit = channel.AckLimit < limit ? channel.AckLimit.Value : limit;
        using var late = new CancellationTokenSource(limit, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var (account, call) = await ProveAsync(channel, accounts, settings.VerifySignature, limit, request, cancellationToken);
        try
        {
            return await AcceptAsync(channel, account, call, deadline.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogLate(id);
            throw new GatewayException(GatewayError.StorageUnavailable());
        }
    }

    /// <summary>The channel whose webhook this path is beside <c>/webhook/…</c>; null for none.</summary>
    public string? FindByPath(HttpRequest request) =>
        channels.FindByPath(request.Path.Value ?? "") is { } channel && channel.Methods.Contains(request.Method) ? channel.Id : null;

    private async Task<(ChannelAccount Account, WebhookCall Call)> ProveAsync(
        Channel channel, IReadOnlyList<ChannelAccount> accounts, bool verifies, TimeSpan limit, HttpRequest request,
        CancellationToken cancellationToken)
    {
        var call = new WebhookCall(request, default, time.GetUtcNow());
        if (!verifies && host.IsWorker)
        {
            throw new GatewayException(GatewayError.Unavailable(
                ErrorCode.ConfigurationInvalid,
                "Under the Functions host webhooks are always verified; remove gateway.webhooks.verifySignature."));
        }

        if (accounts.Any(account => account.Section.Required.Any(entry => string.IsNullOrWhiteSpace(entry.Value))))
        {
            throw new GatewayException(GatewayError.Unavailable(
                ErrorCode.ConfigurationInvalid, $"The channel '{channel.Id}' is switched on without its secrets."));
        }

        var candidates = verifies ? [.. accounts.Where(account => channel.MayBeFrom(account, call))] : accounts; // (1)
        if (candidates.Count == 0)
        {
            throw Unproven(channel, call);
        }

        call = call with { Body = await request.ReadBytesAsync(channel.MaxBodyBytes, limit, cancellationToken) }; // (2)
        candidates = verifies ? [.. candidates.Where(account => channel.IsFrom(account, call))] : candidates; // (3)
        if (candidates is not [var account])
        {
            throw Unproven(channel, call);
        }

        if (!Utf8.IsValid(call.Body.Span))
        {
            throw new GatewayException(GatewayError.InvalidRequest("The body is not UTF-8.", code: ErrorCode.InvalidText));
        }

        return (account, call);
    }

    private async Task<IResult> AcceptAsync(
        Channel channel, ChannelAccount account, WebhookCall call, CancellationToken cancellationToken)
    {
        var parsed = await channel.ParseAsync(account, call, cancellationToken); // (4)
        reports.NoteInbound(account);
        IResult? refused = null;
        foreach (var message in parsed.Messages) // (5)
        {
            if (await acceptance.AcceptAsync(channel, account, message, cancellationToken) is { } refusal)
            {
                LogRefused(channel.Id, account.Id, message.Kind, refusal);
                refused ??= channel.AnswerRefused(message, refusal);
            }
        }

        return refused ?? parsed.Answer ?? Results.Ok(); // (6)
    }

    private GatewayException Unproven(Channel channel, WebhookCall call)
    {
        LogUnproven(channel.Id);
        return new GatewayException(channel.Unproven(call));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call of the webhook {Channel} was refused: its proof does not fit")]
    private partial void LogUnproven(string channel);

    [LoggerMessage(Level = LogLevel.Information, Message = "A message in a {Kind} chat of {Channel} ({Account}) was not taken: {Refusal}")]
    private partial void LogRefused(string channel, string account, ChatKind kind, Refusal refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call of the webhook {Channel} could not be stored in time")]
    private partial void LogLate(string channel);
}
