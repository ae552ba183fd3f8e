using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Tools.Approvals;

/// <summary>How an <see cref="Approval"/> is stored.</summary>
internal sealed class ApprovalRow : TableRow, ITableRow<ApprovalRow>
{
    public const string Partition = "calls";

    private ApprovalRow(TableEntity entity)
        : base(entity)
    {
    }

    public ApprovalRow(Approval approval)
        : base(Partition, approval.Id)
    {
        (this["Tool"], this["Arguments"], this["Agent"]) = (approval.Tool, approval.Arguments, approval.Agent);
        (this["Session"], this["Owner"], this["Run"], this["Channel"]) =
            (approval.Session, approval.Owner, approval.RunId, approval.Channel);
        (this["CreatedAt"], this["ExpiresAt"], this["V"]) = (approval.CreatedAt, approval.ExpiresAt, 1);
        (this["Decision"], this["DecidedBy"], this["DecidedAt"]) = (approval.Decision, approval.DecidedBy, approval.DecidedAt);
    }

    public static ApprovalRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public Approval ToApproval() => new(
        RowKey, Text("Tool") ?? "", Text("Arguments") ?? "{}", Text("Agent") ?? "", Text("Session"), Text("Owner") ?? "", Text("Run") ?? "",
        Time("CreatedAt") ?? default, Time("ExpiresAt") ?? default)
    {
        Decision = Text("Decision"),
        DecidedBy = Text("DecidedBy"),
        DecidedAt = Time("DecidedAt"),
        Channel = Text("Channel"),
    };
}
