using OpenClaw.Configuration;

namespace OpenClaw.Storage;

/// <summary>The gateway's storage account with its name prefix. Absent storage is an answer, not a crash: what needs none works.</summary>
public sealed class GatewayStorage(StorageAccount? account, GatewayConfigStore config)
{
    /// <summary>False when no connection is configured at all.</summary>
    public bool IsConfigured => account is not null;

    /// <summary>Null when no connection is configured.</summary>
    public StorageEndpoints? Endpoints => account?.Endpoints;

    /// <exception cref="GatewayException"><c>503 storage_not_configured</c>.</exception>
    public StorageTable Table(string name) => Account.Table(config.Current.Storage.Prefix + name);

    /// <exception cref="GatewayException"><c>503 storage_not_configured</c>.</exception>
    public BlobContainer Container(string name) => Account.Container($"{config.Current.Storage.Prefix}-{name}");

    /// <exception cref="GatewayException"><c>503 storage_not_configured</c>.</exception>
    public StorageQueue Queue(string name) => Account.Queue($"{config.Current.Storage.Prefix}-{name}");

    private StorageAccount Account => account ?? throw new GatewayException(GatewayError.Unavailable(
        "storage_not_configured", "No storage is configured; set DataStorage or AzureWebJobsStorage to a connection string, or DataStorage__accountName for a managed identity."));
}
