using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Channels;

/// <summary>When an account of a channel was last of use, and what failed, on any instance.</summary>
internal sealed class ChannelReportRow : TableRow, ITableRow<ChannelReportRow>
{
    public const string TableName = "channels";

    private ChannelReportRow(TableEntity entity)
        : base(entity)
    {
    }

    public ChannelReportRow(string channel, string account)
        : base(channel, account) => this["V"] = 1;

    public DateTimeOffset? LastInboundAt { get => Time("LastInboundAt"); set => this["LastInboundAt"] = value; }

    public DateTimeOffset? LastOutboundAt { get => Time("LastOutboundAt"); set => this["LastOutboundAt"] = value; }

    /// <summary>Empty when a later delivery succeeded.</summary>
    public string? LastError { get => Text("LastError"); set => this["LastError"] = value; }

    public DateTimeOffset? LastErrorAt { get => Time("LastErrorAt"); set => this["LastErrorAt"] = value; }

    /// <summary>Whether the reply of <see cref="LastError"/> was given up.</summary>
    public bool? IsGivenUp { get => Flag("GivenUp"); set => this["GivenUp"] = value; }

    public static ChannelReportRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
