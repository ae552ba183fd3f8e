using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Security;

/// <summary>The key that the instances of a gateway share.</summary>
internal sealed class InternalSecretRow : TableRow, ITableRow<InternalSecretRow>
{
    public const string Partition = "internal";

    public new const string RowKey = "secret";

    private InternalSecretRow(TableEntity entity)
        : base(entity)
    {
    }

    public InternalSecretRow(byte[] key)
        : base(Partition, RowKey) => (this["Key"], this["V"]) = (key, 1);

    public byte[] Key => Bytes("Key") ?? throw new InvalidOperationException("The internal key is not readable.");

    public static InternalSecretRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
