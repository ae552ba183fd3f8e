using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Channels.Slack;

/// <summary>Reads events, slash commands and shortcuts: who wrote what in which channel, and whether the app is meant.</summary>
internal static class SlackInbound
{
    /// <summary>Where a command may be answered without being a member of the channel, in <see cref="ChatAddress.More"/>.</summary>
    public const string ResponseUrl = "response_url";

    /// <summary>Kinds of messages that a person wrote; <see langword="null"/> is the plain one.</summary>
    private static readonly string?[] Written = [null, "file_share", "thread_broadcast", "me_message"];

    /// <param name="bot">The id of the app's user.</param>
    /// <returns>Null for an event that is of no interest.</returns>
    public static InboundMessage? ReadEvent(SlackEnvelope envelope, string bot)
    {
        if (envelope.Event is not { Type: "message" or "app_mention", Ts: { } ts, BotId: null } written
            || !Written.Contains(written.Subtype) || IdOf(written.Channel) is not { } channel || IdOf(written.User) is not { } user
            || user == bot)
        {
            return null;
        }

        var (text, isMention) = SlackWords.Read(written.Text.ValueKind == JsonValueKind.String ? written.Text.GetString()! : "", bot);
        var files = FilesOf(written);
        if (string.IsNullOrWhiteSpace(text) && files.Count == 0 && !isMention)
        {
            return null;
        }

        var thread = written.ThreadTs == ts ? null : written.ThreadTs;
        return new InboundMessage
        {
            EventId = EventOf(envelope.TeamId, ts),
            OtherEventIds = envelope.EventId is { } id ? ["event:" + id] : [],
            Order = OrderOf(written.EventTs ?? ts),
            Kind = written.ChannelType switch
            {
                "im" => ChatKind.Direct,
                "mpim" => ChatKind.Group,
                null when channel.StartsWith('D') => ChatKind.Direct,
                _ => ChatKind.Channel,
            },
            Chat = channel,
            Thread = thread,
            Space = envelope.TeamId,
            Sender = user,
            IsAddressed = isMention || written.Type == "app_mention" || written.ParentUserId == bot,
            Text = text,
            Files = files,
            To = new ChatAddress(channel, thread),
        };
    }

    /// <summary>A slash command, or what a button, a shortcut or a dialog sent.</summary>
    /// <returns>Null when it is of no interest.</returns>
    /// <exception cref="GatewayException"><c>400</c>: it is none of them.</exception>
    public static InboundMessage? ReadForm(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body));
        if (form.TryGetValue("payload", out var payload))
        {
            return ReadInteraction(
                JsonBody.Parse(Encoding.UTF8.GetBytes(payload.ToString()), SlackJson.Default.SlackInteraction), now);
        }

        string? Field(string name) => form.GetValueOrDefault(name) is { Count: 1 } value && !StringValues.IsNullOrEmpty(value)
            ? value.ToString() : null;
        if (Field("command") is not { } command || Field("channel_id") is not { } channel)
        {
            throw new GatewayException(GatewayError.InvalidRequest("The form is neither a slash command nor an interaction."));
        }

        var kind = channel.StartsWith('D') ? ChatKind.Direct
            : Field("channel_name")?.StartsWith("mpdm-", StringComparison.Ordinal) == true ? ChatKind.Group : ChatKind.Channel;
        return new InboundMessage
        {
            EventId = "command:" + (Field("trigger_id") ?? string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks}")),
            Order = now.ToUnixTimeMilliseconds() * 1000,
            Kind = kind,
            Chat = channel,
            Space = Field("team_id"),
            Sender = Field("user_id"),
            SenderName = Field("user_name"),
            ChatTitle = kind == ChatKind.Channel ? Field("channel_name") : null,
            IsAddressed = true,
            Text = TextOf(command, SlackWords.Decode(Field("text") ?? "")),
            To = new ChatAddress(channel) { More = MoreOf(Field("response_url")) },
        };
    }

    /// <summary>A shortcut on a message asks about that message, and is answered in its thread.</summary>
    private static InboundMessage? ReadInteraction(SlackInteraction interaction, DateTimeOffset now)
    {
        if (interaction is not { Type: "message_action", Channel.Id: { } channel, Message: { Ts: { } ts } message, TriggerId: { } trigger })
        {
            return null;
        }

        var thread = message.ThreadTs ?? ts;
        return new InboundMessage
        {
            EventId = "command:" + trigger,
            Order = now.ToUnixTimeMilliseconds() * 1000,
            Kind = channel.StartsWith('D') ? ChatKind.Direct : ChatKind.Channel,
            Chat = channel,
            Thread = thread,
            Space = interaction.Team?.Id,
            Sender = interaction.User?.Id,
            SenderName = interaction.User?.Name,
            ChatTitle = interaction.Channel.Name,
            IsAddressed = true,
            Text = SlackWords.Decode(message.Text.ValueKind == JsonValueKind.String ? message.Text.GetString()! : ""),
            Files = FilesOf(message),
            To = new ChatAddress(channel, thread) { More = MoreOf(interaction.ResponseUrl) },
        };
    }

    /// <summary>A slash command that has the name of one of ours is that; of another one the text counts.</summary>
    private static string TextOf(string command, string text) =>
        ChatCommand.Parse(command) is not null ? $"{command} {text}".TrimEnd() : text.Trim().Length > 0 ? text : "/" + ChatCommand.Help;

    private static Dictionary<string, string> MoreOf(string? responseUrl) =>
        responseUrl is null ? [] : new() { [ResponseUrl] = responseUrl };

    private static string EventOf(string? team, string ts) => $"{team?.Length ?? 0}:{team}:{ts}";

    /// <summary>Microseconds: <c>1700000000.000100</c> is 1700000000000100.</summary>
    private static long OrderOf(string ts) =>
        decimal.TryParse(ts, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 9_000_000_000m
            ? (long)(seconds * 1_000_000) : 0;

    private static string? IdOf(JsonElement id) => id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    private static List<InboundFile> FilesOf(SlackEvent message) =>
    [
        .. from file in message.Files ?? []
           let address = file.UrlPrivateDownload ?? file.UrlPrivate
           where address is not null
           select new InboundFile(
               address!, file.Mimetype?.StartsWith("image/", StringComparison.Ordinal) == true, file.Name, file.Mimetype, file.Size),
    ];
}
