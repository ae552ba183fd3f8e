using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Security.Limits;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Requests per minute and credential, counted once for all instances.</summary>
public class RateLimitTests(AzuriteFixture azurite)
{
    private const string Chat = """{"model":"openclaw","messages":[{"role":"user","content":"hi"}]}""";

    private readonly FakeTimeProvider _clock = new();
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    [Trait("Feature", "F86")]
    [Trait("Feature", "D14")]
    public async Task Beyond_the_limit_a_request_is_429_in_the_surfaces_shape_until_the_minute_has_passed()
    {
        await using var gateway = await StartAsync(azurite.StorageAccount, limit: 5);
        for (var i = 0; i < 5; i++)
        {
            using var allowed = await gateway.PostChatAsync(Chat);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
            Assert.Equal(4 - i, Header(allowed, "Remaining"));
        }

        using var refused = await gateway.PostChatAsync(Chat);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("rate_limited", (await refused.ReadErrorAsync()).Code);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 61);
        Assert.Equal((5, 0), (Header(refused, "Limit"), Header(refused, "Remaining")));
        using var api = await gateway.Client.GetAsync("/api/v1/status");
        var body = await api.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, api.StatusCode);
        Assert.Equal("RATE_LIMITED", body.GetProperty("error").GetProperty("code").GetString());
        Assert.InRange(body.GetProperty("error").GetProperty("retryAfter").GetInt64(), 1, 61);

        _clock.Advance(TimeSpan.FromSeconds(61));
        using var again = await gateway.PostChatAsync(Chat);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    [Trait("Feature", "F86")]
    public async Task Every_authenticated_answer_has_the_headers_and_no_other()
    {
        await using var gateway = await StartAsync(storage: null, limit: 6_000);
        using var json = await gateway.PostChatAsync(Chat);
        using var stream = await gateway.PostChatAsync(Chat.Replace("{\"model", "{\"stream\":true,\"model", StringComparison.Ordinal));
        using var bad = await gateway.PostChatAsync("{");
        using var missing = await gateway.Client.GetAsync("/v1/nothing");
        using var api = await gateway.Client.GetAsync("/api/status");
        foreach (var answer in new[] { json, stream, bad, missing, api })
        {
            Assert.Equal(6_000, Header(answer, "Limit"));
            Assert.InRange(Header(answer, "Remaining"), 5_995, 5_999);
            Assert.InRange(Header(answer, "Reset") - _clock.GetUtcNow().ToUnixTimeSeconds(), 1, 61);
        }

        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var stranger = await gateway.Client.GetAsync("/v1/models");
        using var health = await gateway.Client.GetAsync("/health");
        Assert.False(stranger.Headers.Contains("X-RateLimit-Limit"));
        Assert.False(health.Headers.Contains("X-RateLimit-Limit"));
    }

    [Fact]
    [Trait("Feature", "F86")]
    public async Task A_limit_of_zero_is_none()
    {
        await using var gateway = await StartAsync(storage: null, limit: 0);
        using var answer = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-RateLimit-Limit"));
    }

    [Fact]
    [Trait("Feature", "R19")]
    public async Task Four_instances_together_allow_what_one_would()
    {
        const int limit = 100;
        using var calls = new CallsInFlight();
        using var account = StorageAccount.Parse(azurite.ConnectionString, calls);
        var instances = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync(account, limit)));
        try
        {
            var allowed = 0;
            var last = new (long Remaining, long Reset)[4];
            for (var second = 0; second < 60; second += 6)
            {
                // A tenth of the minute, and with it a tenth of ten times the limit, spread over the instances.
                await Task.WhenAll(instances.Select(async (instance, number) =>
                {
                    for (var i = 0; i < limit / 4; i++)
                    {
                        using var answer = await instance.Client.GetAsync("/v1/models");
                        Interlocked.Add(ref allowed, answer.IsSuccessStatusCode ? 1 : 0);
                        var (remaining, reset) = (Header(answer, "Remaining"), Header(answer, "Reset"));
                        Assert.True(reset >= last[number].Reset, "the reset went back");
                        Assert.True(reset > last[number].Reset
                            || remaining <= last[number].Remaining, "what remains rose before the reset");
                        last[number] = (remaining, reset);
                    }
                }));
                await calls.WaitForNoneAsync(); // a draw that is still under way would be taken for a slow one
                _clock.Advance(TimeSpan.FromSeconds(6));
            }

            Assert.InRange(allowed, limit * 0.9, limit * 1.1);
        }
        finally
        {
            foreach (var instance in instances)
            {
                await instance.DisposeAsync();
            }
        }
    }

    [Fact]
    [Trait("Feature", "R19")]
    public async Task While_storage_is_down_an_instance_allows_its_share()
    {
        using var dead = StorageAccount.Parse(
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a",
            retry: new StorageRetryOptions { MaxTries = 1 });
        await using var gateway = await StartAsync(dead, limit: 100);
        var allowed = 0;
        for (var i = 0; i < 100; i++)
        {
            using var answer = await gateway.Client.GetAsync("/v1/models");
            allowed += answer.IsSuccessStatusCode ? 1 : 0;
        }

        Assert.InRange(allowed, 25, 26);
    }

    [Fact]
    [Trait("Feature", "R19")]
    public void No_sixty_seconds_hold_more_than_was_added_and_counts_are_never_negative_whatever_the_clock_does() =>
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>>(), seed =>
        {
            var random = new Random(seed.Item);
            var window = new RateWindow();
            long now = 2_000_000_000, added = 0;
            for (var step = 0; step < 50; step++)
            {
                now += random.Next(20) == 0 ? random.Next(-3_600, 3_600) : random.Next(3);
                var count = random.Next(4);
                window.Add(now, count);
                added += count;
                var sum = window.Sum(now);
                Assert.InRange(sum, count, added);
                Assert.Equal(sum, RateWindow.Parse(window.ToString()).Sum(now));
                Assert.True(window.NextRelease(now) is null == (sum == 0));
                Assert.InRange(window.NextRelease(now) ?? now + 1, now + 1, now + RateWindow.Length + 1);
            }
        }).QuickCheckThrowOnFailure();

    private Task<GatewayHost> StartAsync(StorageAccount? storage, int limit) => GatewayHost.StartAsync(
        storage,
        c =>
        {
            c.Storage.Prefix = _prefix;
            c.Gateway.Http.RateLimit.RequestsPerMinute = limit;
        },
        services => services.AddSingleton<TimeProvider>(_clock));

    private static long Header(HttpResponseMessage answer, string name) =>
        long.Parse(Assert.Single(answer.Headers.GetValues("X-RateLimit-" + name)), CultureInfo.InvariantCulture);
}
