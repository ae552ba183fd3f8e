using OpenClaw.Functions.Cli.Dev;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace OpenClaw.Tests.Support;

/// <summary>One storage emulator for the whole test run, its data in memory. Tests keep apart by <see cref="UniqueName"/>.</summary>
public class AzuriteFixture : IAsyncLifetime
{
    private AzuriteProcess? _azurite;
    private StorageAccount? _account;

    public string ConnectionString => _azurite!.ConnectionString;

    public StorageAccount StorageAccount => _account!;

    /// <summary>Good as the name of a table, a container and a queue, and as a key.</summary>
    public static string UniqueName() => $"t{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        _azurite = await StartAsync();
        _account = Connect(ConnectionString);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _account?.Dispose();
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    protected virtual Task<AzuriteProcess> StartAsync() =>
        AzuriteProcess.StartAsync(dataFolder: null, progress: null, CancellationToken.None);

    protected virtual StorageAccount Connect(string connectionString) => StorageAccount.Parse(connectionString);
}
