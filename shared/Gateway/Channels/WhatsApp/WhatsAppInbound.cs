using System.Globalization;
using OpenClaw.Gateway.Channels.Inbound;

namespace OpenClaw.Gateway.Channels.WhatsApp;

/// <summary>Reads deliveries: who wrote what to the own number.</summary>
internal static class WhatsAppInbound
{
    /// <summary>The message that is answered, in <see cref="ChatAddress.More"/>.</summary>
    public const string MessageId = "message";

    /// <summary>Places within a second, for messages that Meta stamps with the same one.</summary>
    private const int PlacesOfSecond = 1_000_000_000;

    private const int MostPerDelivery = 100;

    /// <summary>The messages of people to a number, in their order. Statuses and messages to other numbers are left out.</summary>
    public static IReadOnlyList<InboundMessage> Read(WhatsAppDelivery delivery, string phoneNumberId, DateTimeOffset now) =>
    [
        .. (delivery.Entry ?? []).SelectMany(entry => entry?.Changes ?? [])
            .Where(change => change is { Field: "messages" } && change.Value?.Metadata?.PhoneNumberId == phoneNumberId)
            .SelectMany(change => change!.Value!.Messages ?? [], (change, message) => (change!.Value!.Contacts, Message: message))
            .Select((found, index) => Read(found.Message, found.Contacts, index, now)).OfType<InboundMessage>(),
    ];

    private static InboundMessage? Read(
        WhatsAppMessage? message, IReadOnlyList<WhatsAppContact?>? contacts, int index, DateTimeOffset now)
    {
        if (message is not { Id: { Length: > 0 } id, From: { Length: > 0 } from, GroupId: null })
        {
            return null;
        }

        var files = FilesOf(message).ToList();
        var text = message.Text?.Body ?? message.Button?.Text ?? message.Interactive?.ButtonReply?.Title
            ?? message.Interactive?.ListReply?.Title ?? (message.Image ?? message.Document ?? message.Video)?.Caption ?? "";
        return string.IsNullOrWhiteSpace(text) && files.Count == 0 ? null : new InboundMessage
        {
            EventId = id,
            Order = OrderOf(message, index, now),
            Kind = ChatKind.Direct,
            Chat = from,
            Sender = from,
            SenderName = contacts?.FirstOrDefault(contact => contact?.WaId == from)?.Profile?.Name,
            Text = text,
            Files = files,
            To = new ChatAddress(from) { More = new Dictionary<string, string> { [MessageId] = id } },
        };
    }

    /// <summary>Meta counts seconds. Within one, what came first is first.</summary>
    private static long OrderOf(WhatsAppMessage message, int index, DateTimeOffset now)
    {
        if (!long.TryParse(message.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds >= long.MaxValue / PlacesOfSecond)
        {
            seconds = now.ToUnixTimeSeconds();
        }

        var late = Math.Clamp(now.ToUnixTimeMilliseconds() - (seconds * 1000), 0, (PlacesOfSecond / MostPerDelivery) - 1);
        return (seconds * PlacesOfSecond) + (late * MostPerDelivery) + Math.Min(index, MostPerDelivery - 1);
    }

    private static IEnumerable<InboundFile> FilesOf(WhatsAppMessage message)
    {
        (WhatsAppFile? File, string Name, bool IsImage)[] files =
        [
            (message.Image, "picture", true), (message.Sticker, "sticker.webp", true), (message.Document, "document", false),
            (message.Audio, "audio", false), (message.Video, "video", false),
        ];
        return files.Where(f => f.File?.Id is { Length: > 0 })
            .Select(f => new InboundFile(f.File!.Id!, f.IsImage, f.IsImage ? null : f.File.Filename ?? f.Name, f.File.MimeType));
    }
}
