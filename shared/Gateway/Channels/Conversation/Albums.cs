using System.Text.Json;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>Puts the messages of an album together, which a platform sends one by one. Those that come later than
/// <see cref="SettleTime"/> after the first are messages of their own.</summary>
public sealed class Albums(SessionInbox inbox, TimeProvider time)
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    /// <summary>How many requests are looked through; an album of Telegram has at most ten.</summary>
    private const int MostLooked = 20;

    /// <returns>The message with the files of the whole album, and the requests that it takes in.</returns>
    internal async Task<(InboundMessage Message, IReadOnlyList<QueuedRun> Absorbed)> CollectAsync(
        ChannelRequest request, QueuedRun queued, CancellationToken cancellationToken)
    {
        if (request.Message.Album is not { } album)
        {
            return (request.Message, []);
        }

        var age = time.GetUtcNow() - request.AcceptedAt;
        if (age < SettleTime)
        {
            await Task.Delay(SettleTime - age, time, cancellationToken);
        }

        var message = request.Message;
        var absorbed = new List<QueuedRun>();
        foreach (var other in await inbox.ListAsync(queued.Session.Partition, MostLooked, cancellationToken))
        {
            if (other.RunId != queued.RunId && other.Kind == queued.Kind
                && JsonSerializer.Deserialize(other.Request, ChannelsJson.Default.ChannelRequest) is { } its
                && (its.Channel, its.Account) == (request.Channel, request.Account)
                && (its.Message.Chat, its.Message.Album) == (message.Chat, album))
            {
                absorbed.Add(other);
                message = message with
                {
                    Text = string.Join('\n', new[] { message.Text, its.Message.Text }.Where(text => text.Length > 0)),
                    Files = [.. message.Files, .. its.Message.Files],
                };
            }
        }

        return (message, absorbed);
    }
}
