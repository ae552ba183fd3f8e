using System.Diagnostics;
using OpenClaw.Functions.Cli.Dev;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public sealed class AzuriteProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_in_a_folder_is_there_again_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-azurite-");
        try
        {
            await using (var first = await AzuriteProcess.StartAsync(folder.FullName, progress: null, Token))
            {
                using var account = StorageAccount.Parse(first.ConnectionString);
                await account.Table("things").InsertAsync(new StoredRow("p", "r") { ["N"] = 1 }, Token);
                await account.Container("things").UploadAsync("b", new byte[3], contentType: null, overwrite: false, Token);
            }

            await using var second = await AzuriteProcess.StartAsync(folder.FullName, progress: null, Token);
            using var again = StorageAccount.Parse(second.ConnectionString);
            Assert.Equal(1, (await again.Table("things").GetAsync("p", "r", Token))!.GetInt32("N"));
            Assert.Equal(3, (await again.Container("things").DownloadAsync("b", Token))!.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_emulator_ends_with_its_owner()
    {
        var azurite = await AzuriteProcess.StartAsync(dataFolder: null, progress: null, Token);
        using var process = Process.GetProcessById(azurite.ProcessId);

        await azurite.DisposeAsync();

        Assert.True(process.HasExited);
    }
}
