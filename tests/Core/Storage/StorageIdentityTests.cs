using System.Net;
using Azure.Core;
using Azure.Identity;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public sealed class StorageIdentityTests
{
    private static readonly StorageEndpoints Nowhere = new(
        new("https://127.0.0.1:9/a"), new("https://127.0.0.1:9/a"), new("https://127.0.0.1:9/a"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("accountName=acc",
        "https://acc.blob.core.windows.net/ https://acc.queue.core.windows.net/ https://acc.table.core.windows.net/", null)]
    [InlineData("accountName=acc credential=managedidentity clientId=me",
        "https://acc.blob.core.windows.net/ https://acc.queue.core.windows.net/ https://acc.table.core.windows.net/", "me")]
    [InlineData("accountName=acc tableServiceUri=https://t.example/",
        "https://acc.blob.core.windows.net/ https://acc.queue.core.windows.net/ https://t.example/", null)]
    [InlineData("blobServiceUri=https://b.example queueServiceUri=https://q.example tableServiceUri=https://t.example",
        "https://b.example/ https://q.example/ https://t.example/", null)]
    public void The_settings_of_an_identity_name_endpoints_and_identity(string settings, string endpoints, string? clientId)
    {
        foreach (var name in new[] { "DataStorage", "AzureWebJobsStorage" })
        {
            var asked = "nobody";
            using var account = StorageAccount.FromEnvironment(Read(name, settings), client =>
            {
                asked = client;
                return TokenAzuriteFixture.Credential;
            });

            Assert.Equal(endpoints, $"{account!.Endpoints.Blob} {account.Endpoints.Queue} {account.Endpoints.Table}");
            Assert.Equal(clientId, asked);
        }
    }

    [Theory]
    [InlineData("accountName=https://acc.blob.core.windows.net", "DataStorage__accountName")]
    [InlineData("blobServiceUri=https://b.example", "DataStorage__queueServiceUri")]
    [InlineData("accountName=acc tableServiceUri=http://t.example", "DataStorage__tableServiceUri")]
    [InlineData("accountName=acc tableServiceUri=https://t.example?sig=secret", "DataStorage__tableServiceUri")]
    [InlineData("accountName=acc credential=workload", "DataStorage__credential")]
    public void A_setting_that_is_wrong_is_named(string settings, string name)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => StorageAccount.FromEnvironment(Read("DataStorage", settings)));

        Assert.StartsWith(name, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message);
    }

    [Fact]
    public async Task An_identity_without_a_token_fails_every_operation_and_sends_nothing()
    {
        var network = new FaultHandler();
        var credential = DelegatedTokenCredential.Create(
            (_, _) => throw new CredentialUnavailableException("ManagedIdentityCredential authentication unavailable."));
        using var account = StorageAccount.WithIdentity(Nowhere, credential, network);

        foreach (var operation in new Func<Task>[]
        {
            () => account.Table("things").GetAsync("p", "r", Token),
            () => account.Container("things").DownloadAsync("b", Token),
            () => account.Queue("things").SendAsync("m", delay: null, timeToLive: null, Token),
        })
        {
            var failure = await Assert.ThrowsAsync<StorageException>(operation);
            Assert.Equal((0, StorageErrorCode.NoToken), (failure.Status, failure.Code));
            Assert.Contains("managed identity", failure.Message);
        }

        Assert.Empty(network.Tries);
    }

    [Fact]
    public async Task A_service_asks_for_a_token_once_while_it_lasts_and_again_when_it_expires()
    {
        var asked = 0;
        var lifetime = TimeSpan.FromHours(2);
        var credential = DelegatedTokenCredential.Create((_, _) => new AccessToken($"token-{++asked}", DateTimeOffset.UtcNow + lifetime));
        var network = new FaultHandler([.. Enumerable.Range(0, 4).Select(_ => FaultHandler.Answer(HttpStatusCode.NotFound))]);
        using (var lasting = StorageAccount.WithIdentity(Nowhere, credential, network))
        {
            await lasting.Table("things").GetAsync("p", "r", Token);
            await lasting.Table("things").GetAsync("p", "r", Token);
            await lasting.Container("things").DownloadAsync("b", Token);
        }

        Assert.Equal(2, asked);
        lifetime = TimeSpan.FromSeconds(-1);
        using var expiring = StorageAccount.WithIdentity(
            Nowhere, credential, new FaultHandler(
            FaultHandler.Answer(HttpStatusCode.NotFound), FaultHandler.Answer(HttpStatusCode.NotFound)));
        await expiring.Table("things").GetAsync("p", "r", Token);
        await expiring.Table("things").GetAsync("p", "r", Token);
        Assert.Equal(4, asked);
    }

    private static Func<string, string?> Read(string name, string settings)
    {
        var values = settings.Split(' ').Select(setting => setting.Split('=', 2)).ToDictionary(
            pair => $"{name}__{pair[0]}", pair => pair[1]);
        return values.GetValueOrDefault;
    }
}
