using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Devices;

/// <summary>How a request for pairing is stored: one row a device, so that a device that asks again gets the same request.</summary>
internal sealed class PairingRow : TableRow, ITableRow<PairingRow>
{
    public const string Partition = "pending";

    private PairingRow(TableEntity entity)
        : base(entity)
    {
    }

    public PairingRow(PairingRequest request)
        : base(Partition, request.Facts.Identity.Id)
    {
        var facts = request.Facts;
        (this["RequestId"], this["At"], this["Scopes"]) = (request.RequestId, request.At, DeviceRow.Write(request.Scopes));
        (this["PublicKey"], this["DisplayName"], this["Platform"]) = (facts.Identity.PublicKey, facts.DisplayName, facts.Platform);
        (this["DeviceFamily"], this["ClientId"], this["ClientMode"]) = (facts.DeviceFamily, facts.ClientId, facts.ClientMode);
        (this["RemoteAddress"], this["IsRepair"], this["V"]) = (request.RemoteAddress, request.IsRepair, 1);
    }

    public static PairingRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public PairingRequest ToRequest() => new(
        Text("RequestId") ?? "", DeviceRow.ReadFacts(Text, RowKey), DeviceRow.ReadScopes(Text("Scopes")), Text("RemoteAddress"),
        Flag("IsRepair"), Time("At") ?? default);
}
