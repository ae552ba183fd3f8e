using System.Globalization;
using System.Text;
using System.Xml;

namespace OpenClaw.Storage;

/// <summary>One message of a queue.</summary>
/// <param name="PopReceipt">Needed to update or delete it; changes with every receive and update. Empty on a message that was peeked at.</param>
/// <param name="Text">Decoded from base64; as it is when another wrote it otherwise.</param>
/// <param name="DequeueCount">How often it was received, this time included.</param>
/// <param name="NextVisible">When others see it again; null on a message that was peeked at.</param>
public sealed record QueueMessage(
    string Id, string PopReceipt, string Text, long DequeueCount, DateTimeOffset Inserted, DateTimeOffset Expires, DateTimeOffset? NextVisible)
{
    internal static byte[] WriteBody(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length > StorageLimits.QueueMessageBytes
            ? throw new StorageLimitException($"A queue message has at most {StorageLimits.QueueMessageBytes} UTF-8 bytes, not {bytes.Length}.")
            : Encoding.ASCII.GetBytes($"<QueueMessage><MessageText>{Convert.ToBase64String(bytes)}</MessageText></QueueMessage>");
    }

    internal static List<QueueMessage> ReadAll(ReadOnlyMemory<byte> body)
    {
        var messages = new List<QueueMessage>();
        using var reader = StorageXml.Read(body);
        while (reader.ReadToFollowing("QueueMessage"))
        {
            messages.Add(ReadOne(reader));
        }

        return messages;
    }

    private static QueueMessage ReadOne(XmlReader reader)
    {
        string id = "", popReceipt = "", text = "";
        long dequeued = 0;
        DateTimeOffset inserted = default, expires = default;
        DateTimeOffset? nextVisible = null;
        var depth = reader.Depth;
        reader.Read();
        while (reader.Depth > depth)
        {
            switch (reader.NodeType == XmlNodeType.Element ? reader.Name : "")
            {
                case "MessageId": id = reader.ReadElementContentAsString(); break;
                case "PopReceipt": popReceipt = reader.ReadElementContentAsString(); break;
                case "MessageText": text = Decode(reader.ReadElementContentAsString()); break;
                case "DequeueCount": dequeued = long.Parse(reader.ReadElementContentAsString(), CultureInfo.InvariantCulture); break;
                case "InsertionTime": inserted = ReadDate(reader) ?? default; break;
                case "ExpirationTime": expires = ReadDate(reader) ?? default; break;
                case "TimeNextVisible": nextVisible = ReadDate(reader); break;
                default: reader.Read(); break;
            }
        }

        return new(id, popReceipt, text, dequeued, inserted, expires, nextVisible);
    }

    private static DateTimeOffset? ReadDate(XmlReader reader) => StorageErrors.ReadDate(reader.ReadElementContentAsString());

    private static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : text;
    }
}

/// <summary>What a send or an update left behind.</summary>
public readonly record struct QueueReceipt(string MessageId, string PopReceipt, DateTimeOffset? NextVisible);
