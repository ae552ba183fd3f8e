using Azure.Core;
using Azure.Core.Pipeline;
using OpenClaw.Configuration;

namespace OpenClaw.Storage;

/// <summary>
/// One storage account: its tables, blob containers and queues over shared connections. Opens nothing until the first operation; keep one
/// per process.
/// </summary>
public sealed class StorageAccount : IDisposable
{
    /// <summary>The first with Microsoft Entra ID for tables.</summary>
    private const string TableVersion = "2020-12-06";

    private const string BlobVersion = "2021-12-02";

    private readonly HttpClient _http;
    private readonly HttpClientTransport _transport;
    private readonly StoragePipeline _tables;
    private readonly StoragePipeline _blobs;
    private readonly StoragePipeline _queues;

    /// <summary>An account whose requests are authorized by a policy of the caller's, such as a bearer token; it runs once per try.</summary>
    /// <param name="handler">Replaces the connections; disposed with the account.</param>
    public StorageAccount(
        StorageEndpoints endpoints, HttpPipelinePolicy authentication, HttpMessageHandler? handler = null, StorageRetryOptions? retry = null)
        : this(endpoints, authentication, authentication, handler, retry ?? new())
    {
    }

    private StorageAccount(
        StorageEndpoints endpoints, HttpPipelinePolicy tables, HttpPipelinePolicy others, HttpMessageHandler? handler, StorageRetryOptions retry)
    {
        Endpoints = endpoints;
        _http = new HttpClient(handler ?? CreateConnections(endpoints.IsLoopback)) { Timeout = Timeout.InfiniteTimeSpan };
        _transport = new HttpClientTransport(_http);
        _tables = new(endpoints.Table, TableVersion, _transport, tables, retry);
        _blobs = new(endpoints.Blob, BlobVersion, _transport, others, retry);
        _queues = new(endpoints.Queue, BlobVersion, _transport, others, retry);
    }

    public StorageEndpoints Endpoints { get; }

    /// <summary>Reads <c>UseDevelopmentStorage=true</c> or a connection string with <c>AccountName</c> and <c>AccountKey</c>, endpoints explicit or not.</summary>
    /// <exception cref="FormatException">What is missing or malformed; the message holds nothing of the connection string.</exception>
    public static StorageAccount Parse(string connectionString, HttpMessageHandler? handler = null, StorageRetryOptions? retry = null)
    {
        var connection = StorageConnectionString.Parse(connectionString);
        retry ??= new();
        return new(
            connection.Endpoints,
            new TableSharedKeyPolicy(connection.AccountName, connection.AccountKey, retry.Time),
            new BlobSharedKeyPolicy(connection.AccountName, connection.AccountKey, retry.Time),
            handler,
            retry);
    }

    /// <summary>An account that is reached with access tokens, over https only.</summary>
    /// <inheritdoc cref="StorageAccount(StorageEndpoints, HttpPipelinePolicy, HttpMessageHandler?, StorageRetryOptions?)" path="/param"/>
    public static StorageAccount WithIdentity(
        StorageEndpoints endpoints, TokenCredential credential, HttpMessageHandler? handler = null, StorageRetryOptions? retry = null)
    {
        retry ??= new();
        return new(endpoints, new StorageTokenPolicy(credential, retry.Time), handler, retry);
    }

    /// <summary>The account named by <c>DataStorage</c>, else by <c>AzureWebJobsStorage</c>: a connection string, or the settings of a managed identity
    /// (<c>…__accountName</c> or <c>…__blobServiceUri</c> and its like). Null when neither is set.</summary>
    /// <param name="createCredential">Makes the credential of a client id, null for the system-assigned identity; default: <see cref="AzureIdentity.Create"/>.</param>
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

    /// <param name="createOnFirstUse">A write that finds no table creates it and is sent again; reads see a missing table as empty. Else both are <c>404 TableNotFound</c>.</param>
    public StorageTable Table(string name, bool createOnFirstUse = true) => new(_tables, name, createOnFirstUse);

    /// <inheritdoc cref="Table"/>
    public BlobContainer Container(string name, bool createOnFirstUse = true) => new(_blobs, name, createOnFirstUse);

    /// <inheritdoc cref="Table"/>
    public StorageQueue Queue(string name, bool createOnFirstUse = true) => new(_queues, name, createOnFirstUse);

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
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
