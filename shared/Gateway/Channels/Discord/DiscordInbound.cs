using System.Globalization;
using System.Text.Json;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Channels.Inbound;

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>Reads commands: who asked what, and where the answer goes.</summary>
internal static class DiscordInbound
{
    /// <summary>The token of the interaction, in <see cref="ChatAddress.More"/>.</summary>
    public const string Token = "interaction";

    /// <summary>A chat of several people without a guild.</summary>
    private const int GroupChat = 3;

    /// <returns>Null when it says nothing that can be asked.</returns>
    public static InboundMessage? Read(DiscordInteraction interaction)
    {
        if (interaction is not { Id: { } id, Token: { } token, ChannelId: { } channel, Data: { } data })
        {
            return null;
        }

        var (text, files) = data.Type == 3 ? ReadQuoted(data) : ReadCommand(data);
        if (string.IsNullOrWhiteSpace(text) && files.Count == 0)
        {
            return null;
        }

        var user = interaction.Member?.User ?? interaction.User;
        return new InboundMessage
        {
            EventId = id,
            Order = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var order) ? order : 0,
            Kind = interaction.GuildId is not null ? ChatKind.Channel
                : interaction.Channel?.Type == GroupChat ? ChatKind.Group : ChatKind.Direct,
            Chat = channel,
            Group = interaction.GuildId,
            Space = interaction.GuildId,
            Sender = user?.Id,
            SenderName = interaction.Member?.Nick ?? user?.GlobalName ?? user?.Username,
            ChatTitle = interaction.GuildId is null ? null : interaction.Channel?.Name,
            IsAddressed = true,
            Text = text,
            Files = files,
            To = new ChatAddress(channel) { More = new Dictionary<string, string> { [Token] = token } },
        };
    }

    /// <summary>A slash command: a question, or one of the gateway's own with what was given to it.</summary>
    private static (string Text, List<InboundFile> Files) ReadCommand(DiscordData data)
    {
        var text = "";
        List<InboundFile> files = [];
        foreach (var option in data.Options ?? [])
        {
            var value = option.Value.ValueKind == JsonValueKind.String ? option.Value.GetString()! : "";
            if (data.Resolved?.Attachments?.GetValueOrDefault(value) is { } attachment)
            {
                files.AddRange(FilesOf([attachment]));
            }
            else if (option.Name == DiscordCommand.Message)
            {
                text = value;
            }
        }

        var command = "/" + data.Name;
        return ChatCommand.Parse(command) is null ? (text, files) : ($"{command} {text}".TrimEnd(), []);
    }

    private static (string Text, List<InboundFile> Files) ReadQuoted(DiscordData data) =>
        data.TargetId is { } target && data.Resolved?.Messages?.GetValueOrDefault(target) is { } message
            ? (message.Content ?? "", [.. FilesOf(message.Attachments ?? [])]) : ("", []);

    private static IEnumerable<InboundFile> FilesOf(IEnumerable<DiscordAttachment> attachments) =>
        from file in attachments
        where file.Url is not null
        select new InboundFile(
            file.Url!, file.ContentType?.StartsWith("image/", StringComparison.Ordinal) == true, file.Filename,
            file.ContentType?.Split(';')[0], file.Size);
}
