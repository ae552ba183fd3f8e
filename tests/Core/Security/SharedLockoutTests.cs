using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Failed authentication counts once for all instances of a storage account.</summary>
public class SharedLockoutTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new();
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    [Trait("Feature", "D14")]
    [Trait("Feature", "T12")]
    [Trait("Feature", "R19")]
    public async Task A_lockout_on_one_instance_holds_on_the_other_until_it_ends()
    {
        await using var a = await StartAsync(azurite.StorageAccount);
        await using var b = await StartAsync(azurite.StorageAccount);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(i % 2 == 0 ? a : b));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(a));
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(b));
        await using var late = await StartAsync(azurite.StorageAccount);
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(late));
        using (var right = await b.Client.GetAsync("/v1/models"))
        {
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        }

        _clock.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(a));
        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(late));
    }

    [Fact]
    [Trait("Feature", "D14")]
    public async Task Guesses_that_come_all_at_once_on_two_instances_are_counted_exactly()
    {
        await using var a = await StartAsync(azurite.StorageAccount);
        await using var b = await StartAsync(azurite.StorageAccount);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => GuessAsync(i % 2 == 0 ? a : b)));

        Assert.Equal(10, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(30, answers.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    [Trait("Feature", "D14")]
    public async Task Missing_credentials_do_not_count()
    {
        await using var gateway = await StartAsync(azurite.StorageAccount);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await gateway.Client.SendAsync(Request(null));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(gateway));
    }

    [Fact]
    [Trait("Feature", "R19")]
    public async Task Without_storage_each_instance_locks_out_by_its_own_count()
    {
        using var dead = StorageAccount.Parse(
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a",
            retry: new StorageRetryOptions { MaxTries = 1 });
        await using var gateway = await StartAsync(dead);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(gateway));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(gateway));
    }

    private Task<GatewayHost> StartAsync(StorageAccount storage) => GatewayHost.StartAsync(
        storage, c => c.Storage.Prefix = _prefix, services => services.AddSingleton<TimeProvider>(_clock));

    private static async Task<HttpStatusCode> GuessAsync(GatewayHost gateway)
    {
        using var answer = await gateway.Client.SendAsync(Request("guess"));
        return answer.StatusCode;
    }

    private static HttpRequestMessage Request(string? bearer)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = bearer is null ? new AuthenticationHeaderValue("Basic", "eA==")
            : new AuthenticationHeaderValue("Bearer", bearer);
        return request;
    }
}
