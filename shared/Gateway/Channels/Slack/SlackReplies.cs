using System.Globalization;
using System.Text.Json;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;

namespace OpenClaw.Gateway.Channels.Slack;

/// <summary>Sends the parts of replies. Each message carries in its metadata which part it is, so a part whose sending was not answered is
/// looked up before it is sent again.</summary>
internal sealed class SlackReplies(SlackApi api)
{
    /// <summary>Characters of a new message.</summary>
    public const int MaxText = 12_000;

    /// <summary>Characters of an edited message.</summary>
    public const int MaxEdit = 4_000;

    private const string EventType = "openclaw_reply";

    /// <summary>Pages of messages in which a part is looked for.</summary>
    private const int MostPages = 5;

    /// <summary>Errors that mean that the app cannot post in the channel; a command can be answered all the same.</summary>
    private static readonly string[] Outside = ["not_in_channel", "channel_not_found"];

    /// <summary>Shows an answer that grows.</summary>
    /// <returns>The <c>ts</c> of its message.</returns>
    /// <exception cref="SlackException">It could not be shown.</exception>
    public async Task<string?> ShowAsync(
        SlackSection section, ChatAddress to, string? draft, string text, CancellationToken cancellationToken) =>
        draft is null
            ? (await api.CallAsync(
                section, "chat.postMessage", cancellationToken, ("channel", to.Chat), ("text", text), ("thread_ts", to.Thread))).Ts
            : (await api.CallAsync(section, "chat.update", cancellationToken, ("channel", to.Chat), ("ts", draft), ("text", text))).Ts;

    /// <exception cref="SlackException">It was refused, or not answered.</exception>
    public async Task SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        var (section, to) = (delivery.Account.As<SlackSection>(), delivery.To);
        if (part.Media is not null && delivery.File is { } file)
        {
            await UploadAsync(section, delivery, file, cancellationToken);
            return;
        }

        var text = part.Media is null ? part.Text : OutboundFile.Missing;
        var metadata = JsonSerializer.Serialize(
            new SlackMetadata(EventType, new SlackReplyPart(delivery.ReplyId, delivery.Index)), SlackJson.Default.SlackMetadata);
        if (delivery.Draft is { } draft && await TryReplaceAsync(section, to, draft, text, metadata, cancellationToken))
        {
            return;
        }

        try
        {
            await api.CallAsync(
                section, "chat.postMessage", cancellationToken,
                ("channel", to.Chat), ("text", text), ("thread_ts", to.Thread), ("metadata", metadata));
        }
        catch (SlackException refused) when (Outside.Contains(refused.Error)
            && to.More.TryGetValue(SlackInbound.ResponseUrl, out var url) && SlackApi.IsOwn(section, url, SlackApi.Hooks, out var address))
        {
            await api.RespondAsync(address, new SlackResponse("in_channel", text), cancellationToken);
        }
    }

    /// <summary>Whether a part has arrived; null when that cannot be known.</summary>
    /// <exception cref="SlackException">Slack refused to say, or did not answer.</exception>
    public async Task<bool?> FindAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        var (section, to) = (delivery.Account.As<SlackSection>(), delivery.To);
        if (part.Media is not null && delivery.File is not null)
        {
            if (!delivery.Notes.TryGetValue(FileNote(delivery), out var id))
            {
                return null;
            }

            var info = await api.CallAsync(section, "files.info", cancellationToken, ("file", id));
            return info.File?.Shares is { ValueKind: JsonValueKind.Object } shares && shares.EnumerateObject().Any();
        }

        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var found = await api.CallAsync(
                section, to.Thread is null ? "conversations.history" : "conversations.replies", cancellationToken,
                ("channel", to.Chat), ("ts", to.Thread), ("limit", "200"), ("include_all_metadata", "true"), ("cursor", cursor));
            if (found.Messages?.Any(m => m.Metadata is { EventType: EventType, EventPayload: { } payload }
                && payload.ReplyId == delivery.ReplyId && payload.Part == delivery.Index) == true)
            {
                return true;
            }

            cursor = found.ResponseMetadata?.NextCursor;
            if (string.IsNullOrEmpty(cursor))
            {
                break;
            }
        }

        return false;
    }

    /// <summary>Puts the answer into the message that showed it while it grew.</summary>
    /// <returns>False when that message is gone, or too small for the answer and deleted.</returns>
    private async Task<bool> TryReplaceAsync(
        SlackSection section, ChatAddress to, string draft, string text, string metadata, CancellationToken cancellationToken)
    {
        try
        {
            if (text.Length > MaxEdit)
            {
                await api.CallAsync(section, "chat.delete", cancellationToken, ("channel", to.Chat), ("ts", draft));
                return false;
            }

            await api.CallAsync(
                section, "chat.update", cancellationToken, ("channel", to.Chat), ("ts", draft), ("text", text), ("metadata", metadata));
            return true;
        }
        catch (SlackException refused) when (refused.Outcome is SendOutcome.Refused)
        {
            return false;
        }
    }

    private async Task UploadAsync(SlackSection section, Delivery delivery, OutboundFile file, CancellationToken cancellationToken)
    {
        var place = await api.CallAsync(
            section, "files.getUploadURLExternal", cancellationToken,
            ("filename", file.Name), ("length", file.Bytes.Length.ToString(CultureInfo.InvariantCulture)));
        if (place is not { UploadUrl: { } url, FileId: { } id } || !SlackApi.IsOwn(section, url, SlackApi.Files, out var address))
        {
            throw new SlackException(null, new SendOutcome.Refused("Slack named no place of its own for the file"));
        }

        try
        {
            await api.UploadAsync(address, file.Bytes, cancellationToken);
        }
        catch (SlackException failure) when (failure.Outcome is SendOutcome.Unanswered)
        {
            throw new SlackException(null, new SendOutcome.Failed("the file could not be uploaded")); // nobody has seen it
        }

        delivery.Notes[FileNote(delivery)] = id;
        await api.CallAsync(
            section, "files.completeUploadExternal", cancellationToken,
            ("files", JsonSerializer.Serialize([new SlackUpload(id, file.Name)], SlackJson.Default.IReadOnlyListSlackUpload)),
            ("channel_id", delivery.To.Chat), ("thread_ts", delivery.To.Thread));
    }

    private static string FileNote(Delivery delivery) => string.Create(CultureInfo.InvariantCulture, $"file-{delivery.Index}");
}
