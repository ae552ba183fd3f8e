using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Channels.Text;
using OpenClaw.Media.Files;
using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Gateway.Channels.Outbox;

/// <summary>Makes replies ready for the outbox: cleaned, cut and written in the platform's markup once, so that every attempt sends the
/// same.</summary>
public sealed class OutboxDrafts(GatewayConfigStore config)
{
    private const string MediaPath = "/media/";

    /// <param name="markdown">What the agent, or the gateway itself, has to say.</param>
    /// <param name="askedAt">When the request that is answered was accepted.</param>
    public OutboxDraft Of(Channel channel, ChannelAccount account, ChatAddress to, string markdown, DateTimeOffset askedAt)
    {
        var parts = channel.Render(account, OutboundText.Clean(markdown), IsOwnFile);
        var content = new OutboxContent(
            account.Id, to, [.. parts.Select(part => part.Media is { } address ? part with { Media = IdOf(address) } : part)], askedAt);
        return new OutboxDraft(
            channel.Id, parts.Count, JsonSerializer.Serialize(content, ChannelsJson.Default.OutboxContent),
            OutboxDraft.LaneOf(channel.Id, account.Id, to.Chat));
    }

    /// <summary>Whether an address leads to a file of the media store: <c>/media/{id}</c>, alone or behind the gateway's own
    /// URL.</summary>
    private bool IsOwnFile(string address) => IdOf(address) is not null;

    private string? IdOf(string address)
    {
        var own = config.Current.Gateway.PublicUrl?.TrimEnd('/');
        var path = own is not null && address.StartsWith(own + "/", StringComparison.OrdinalIgnoreCase) ? address[own.Length..] : address;
        path = path.Split('?')[0];
        var id = path.StartsWith(MediaPath, StringComparison.Ordinal) ? path[MediaPath.Length..] : null;
        return MediaId.IsValid(id) ? id : null;
    }
}

/// <summary>A reply, as it waits in the outbox.</summary>
/// <param name="AskedAt">When the request that is answered was accepted.</param>
public sealed record OutboxContent(string Account, ChatAddress To, IReadOnlyList<OutboundPart> Parts, DateTimeOffset AskedAt);
