using System.Net.Sockets;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Configuration;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Storage;

/// <summary>
/// The SDK clients of one storage account, on shared connections. Opens nothing until the first operation; keep one per process. API
/// versions
/// are pinned: the SDKs' own are newer than the emulator knows.
/// </summary>
public sealed class StorageAccount : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpClientTransport _transport;
    private readonly StorageRetryOptions _retry;
    private readonly TableServiceClient _tables;
    private readonly BlobServiceClient _blobs;
    private readonly QueueServiceClient _queues;

    private StorageAccount(
        StorageEndpoints endpoints, (
            string Name, string Key)? account, TokenCredential? identity, HttpMessageHandler? handler, StorageRetryOptions? retry)
    {
        Endpoints = endpoints;
        _http = new HttpClient(handler ?? CreateConnections(endpoints.IsLoopback)) { Timeout = Timeout.InfiniteTimeSpan };
        _transport = new HttpClientTransport(_http);
        _retry = retry ?? new();
        var tables = Configure(new TableClientOptions(TableClientOptions.ServiceVersion.V2020_12_06)); // the first with Microsoft Entra ID
        tables.AddPolicy(new TableTransactionPolicy(endpoints.Table), HttpPipelinePosition.PerCall);
        var blobs = Configure(new BlobClientOptions(BlobClientOptions.ServiceVersion.V2021_12_02));
        var queues = Configure(new QueueClientOptions(QueueClientOptions.ServiceVersion.V2021_12_02));
        var table = LocalhostPolicy.Apply(endpoints.Table, tables);
        if (account is var (name, key))
        {
            var shared = new StorageSharedKeyCredential(name, key);
            _tables = new(table, new TableSharedKeyCredential(name, key), tables);
            (_blobs, _queues) = (new(endpoints.Blob, shared, blobs), new(endpoints.Queue, shared, queues));
        }
        else
        {
            _tables = new(table, identity, tables);
            (_blobs, _queues) = (new(endpoints.Blob, identity, blobs), new(endpoints.Queue, identity, queues));
        }
    }

    public StorageEndpoints Endpoints { get; }

    /// <summary>Whether the table service takes a connection, however slowly it answers.</summary>
    public async Task<bool> AcceptsConnectionsAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Endpoints.Table.Host, Endpoints.Table.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads <c>UseDevelopmentStorage=true</c> or a connection string with <c>AccountName</c> and <c>AccountKey</c>, endpoints
    /// explicit or not.</summary>
    /// <param name="handler">Replaces the connections; disposed with the account.</param>
    /// <exception cref="FormatException">What is missing or malformed; the message holds nothing of the connection string.</exception>
    public static StorageAccount Parse(string connectionString, HttpMessageHandler? handler = null, StorageRetryOptions? retry = null)
    {
        var connection = StorageConnectionString.Parse(connectionString);
        return new(connection.Endpoints, (connection.AccountName, connection.AccountKey), identity: null, handler, retry);
    }

    /// <summary>An account that is reached with access tokens, over https only.</summary>
    /// <inheritdoc cref="Parse" path="/param"/>
    public static StorageAccount WithIdentity(
        StorageEndpoints endpoints, TokenCredential credential, HttpMessageHandler? handler = null, StorageRetryOptions? retry = null) =>
        new(endpoints, account: null, credential, handler, retry);

    /// <summary>The account named by <c>DataStorage</c>, else by <c>AzureWebJobsStorage</c>: a connection string, or the settings of a
    /// managed identity
    /// (<c>…__accountName</c> or <c>…__blobServiceUri</c> and its like). Null when neither is set.</summary>
    /// <param name="createCredential">Makes the credential of a client id, null for the system-assigned identity; default:
    /// <see cref="AzureIdentity.Create"/>.</param>
    /// <exception cref="InvalidOperationException">A setting is malformed or missing; the message names it.</exception>
    public static StorageAccount? FromEnvironment(Func<string, string?> read, Func<string?, TokenCredential>? createCredential = null)
    {
        foreach (var name in EnvironmentVariables.StorageConnections)
        {
            if (read(name) is { Length: > 0 } connectionString)
            {
                try
                {
                    return Parse(connectionString);
                }
                catch (FormatException exception)
                {
                    throw new InvalidOperationException($"{name}: {exception.Message}", exception);
                }
            }

            if (StorageIdentity.Read(name, read) is { } identity)
            {
                return WithIdentity(identity.Endpoints, (createCredential ?? AzureIdentity.Create)(identity.ClientId));
            }
        }

        return null;
    }

    /// <param name="logger">Is told of failures.</param>
    public StorageTable Table(string name, ILogger? logger = null)
    {
        StorageLimits.CheckTableName(name);
        return new(_tables.GetTableClient(name), Failures(logger));
    }

    /// <inheritdoc cref="Table"/>
    public BlobContainer Container(string name, ILogger? logger = null)
    {
        StorageLimits.CheckContainerOrQueueName(name);
        return new(_blobs.GetBlobContainerClient(name), Failures(logger));
    }

    /// <inheritdoc cref="Table"/>
    public StorageQueue Queue(string name, ILogger? logger = null)
    {
        StorageLimits.CheckContainerOrQueueName(name);
        return new(_queues.GetQueueClient(name), Failures(logger));
    }

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    private static StorageFailures Failures(ILogger? logger) => new(logger ?? NullLogger.Instance);

    /// <summary>The gateway logs and counts by itself, so the SDKs neither log, trace nor announce themselves.</summary>
    private T Configure<T>(T options)
        where T : ClientOptions
    {
        options.Transport = _transport;
        options.RetryPolicy = new StorageRetryPolicy(_retry);
        options.Retry.NetworkTimeout = _retry.TryTimeout;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }

    private static SocketsHttpHandler CreateConnections(bool isLoopback) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(isLoopback ? 4 : 60), // an emulator hangs up after 5
        MaxConnectionsPerServer = 128,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLoopback,
    };
}
