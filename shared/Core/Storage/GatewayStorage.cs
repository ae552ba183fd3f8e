using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Storage;

/// <summary>The gateway's storage account with its name prefix. Absent storage is an answer, not a crash: what needs none works.</summary>
public sealed class GatewayStorage(StorageAccount? account, GatewayConfigStore config, ILogger<GatewayStorage>? logger = null)
{
    private readonly ConcurrentDictionary<string, StorageTable> _tables = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, BlobContainer> _containers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StorageQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>False when no connection is configured at all.</summary>
    public bool IsConfigured => account is not null;

    /// <summary>Null when no connection is configured.</summary>
    public StorageEndpoints? Endpoints => account?.Endpoints;

    /// <inheritdoc cref="StorageAccount.AcceptsConnectionsAsync"/>
    /// <exception cref="GatewayException"><c>503 storage_not_configured</c>.</exception>
    public Task<bool> AcceptsConnectionsAsync(CancellationToken cancellationToken) => Account.AcceptsConnectionsAsync(cancellationToken);

    /// <exception cref="GatewayException"><c>503 storage_not_configured</c>.</exception>
    public StorageTable Table(string name) => _tables.GetOrAdd(config.Current.Storage.Prefix + name, full => Account.Table(full, logger));

    /// <exception cref="GatewayException"><c>503 storage_not_configured</c>.</exception>
    public BlobContainer Container(string name) =>
        _containers.GetOrAdd($"{config.Current.Storage.Prefix}-{name}", full => Account.Container(full, logger));

    /// <exception cref="GatewayException"><c>503 storage_not_configured</c>.</exception>
    public StorageQueue Queue(string name) =>
        _queues.GetOrAdd($"{config.Current.Storage.Prefix}-{name}", full => Account.Queue(full, logger));

    private StorageAccount Account => account ?? throw new GatewayException(GatewayError.Unavailable(
        ErrorCode.StorageNotConfigured, "No storage is configured; set DataStorage or AzureWebJobsStorage to a connection string, or "
            + "DataStorage__accountName for a managed identity."));
}
