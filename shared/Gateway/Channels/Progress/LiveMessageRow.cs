using Azure.Data.Tables;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Channels.Progress;

/// <summary>The message on a platform that shows the answer of a run while it grows, so that whichever instance delivers the answer puts
/// it there.</summary>
internal sealed class LiveMessageRow : TableRow, ITableRow<LiveMessageRow>
{
    private LiveMessageRow(TableEntity entity)
        : base(entity)
    {
    }

    public LiveMessageRow(string partition, string run, string message)
        : base(partition, Key(run)) => (this["Message"], this["V"]) = (message, 1);

    public string Message => Text("Message") ?? "";

    public static string Key(string run) => "live~" + RunId.OwnPart(run);

    public static LiveMessageRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
