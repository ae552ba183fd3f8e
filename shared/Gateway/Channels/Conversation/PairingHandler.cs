using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary><c>/api/channels/{channel}/pairing</c>: the operator sees and approves people who wrote to a channel.</summary>
public sealed class PairingHandler(ChannelList channels, Pairings pairings)
{
    private const int MaxBodyBytes = 16 * 1024;

    /// <exception cref="GatewayException"><c>404 not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken) => new ApiResult<PairingList>(
        new PairingList(await pairings.ListAsync(ChannelOf(request).Id, cancellationToken)), ChannelsJson.Default.PairingList);

    /// <exception cref="GatewayException"><c>404 not_found</c>, <c>404 pairing_request_not_found</c>, <c>400</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public async Task<IResult> ActAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var channel = ChannelOf(request);
        var body = await request.ReadJsonAsync(ChannelsJson.Default.PairingAction, MaxBodyBytes, cancellationToken);
        if (string.IsNullOrWhiteSpace(body.Code))
        {
            throw new GatewayException(GatewayError.MissingField("code"));
        }

        var sender = body.Action switch
        {
            "approve" => await pairings.ApproveAsync(
                channel, account => channels.FindAccount(channel.Id, account)?.Account, body.Code, cancellationToken),
            "reject" => await pairings.RejectAsync(channel.Id, body.Code, cancellationToken),
            _ => throw new GatewayException(GatewayError.InvalidRequest(
                "'action' must be 'approve' or 'reject'.", "action", ErrorCode.UnknownAction)),
        };
        return new ApiResult<PairingOutcome>(
            new PairingOutcome(channel.Id, sender.Account, sender.Sender, sender.Name, body.Action), ChannelsJson.Default.PairingOutcome);
    }

    private Channel ChannelOf(HttpRequest request) =>
        channels.Find(request.RouteText("channel")) is { HasSection: true } channel ? channel
            : throw new GatewayException(GatewayError.NotFound());
}

/// <param name="Action"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Code">The code that the person was given; case does not matter.</param>
internal sealed record PairingAction(string? Action, string? Code);

internal sealed record PairingList(IReadOnlyList<WaitingSender> Pending);

/// <param name="Sender">The platform's id of the person.</param>
/// <param name="Name">The name that the person gave itself; null when the platform does not say.</param>
internal sealed record PairingOutcome(string Channel, string Account, string Sender, string? Name, string Action);
