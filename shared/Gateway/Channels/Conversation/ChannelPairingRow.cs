using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>A person who wrote to a channel: one who waits for approval, with a code, or one who was approved.</summary>
internal sealed class ChannelPairingRow : TableRow, ITableRow<ChannelPairingRow>
{
    /// <summary>What the keys of those who wait begin with.</summary>
    public const string Waiting = "pair~";

    /// <summary>What the keys of those who were approved begin with.</summary>
    public const string Approved = "allow~";

    private ChannelPairingRow(TableEntity entity)
        : base(entity)
    {
    }

    public ChannelPairingRow(string partition, string rowKey)
        : base(partition, rowKey) => this["V"] = 1;

    public string Sender { get => Text("Sender") ?? ""; init => this["Sender"] = value; }

    public string Account { get => Text("Account") ?? ""; init => this["Account"] = value; }

    /// <summary>The name that the person gave itself.</summary>
    public string? SenderName { get => Text("SenderName"); init => this["SenderName"] = value; }

    /// <summary>For the operator; null once approved.</summary>
    public string? Code { get => Text("Code"); init => this["Code"] = value; }

    public DateTimeOffset At { get => Time("At") ?? default; init => this["At"] = value; }

    /// <summary>The address to write to, as JSON.</summary>
    public string? To { get => Text("To"); init => this["To"] = value; }

    public static ChannelPairingRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
