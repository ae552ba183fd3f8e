using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

[Trait("Feature", "R13")]
public class RetryTests
{
    public static TheoryData<string, int> PassingFailures => new(
        from api in new[] { "openai-completions", "openai-responses", "anthropic-messages", "azure-openai" }
        from status in new[] { 408, 429, 500, 502, 503, 529 }
        select (api, status));

    [Theory]
    [MemberData(nameof(PassingFailures))]
    public async Task A_passing_failure_is_tried_again(string api, int status)
    {
        await using var models = await ModelHarness.StartAsync(api);
        models.Upstream.NextStatus(status).NextStatus(status);

        Assert.Equal("hi", (await models.AskAsync()).Text);
        Assert.Equal(3, models.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData(408, "upstream_timeout")]
    [InlineData(429, "upstream_rate_limited")]
    [InlineData(503, "upstream_unavailable")]
    public async Task Three_tries_are_the_most(int status, string code)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call => call.RespondAsync(status, "{}"));

        Assert.Equal(code, (await models.FailAsync()).Code);
        Assert.Equal(3, models.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData(400, "{}")]
    [InlineData(401, "{}")]
    [InlineData(402, "{}")]
    [InlineData(403, "{}")]
    [InlineData(404, "{}")]
    [InlineData(422, "{}")]
    [InlineData(501, "{}")]
    [InlineData(504, "{}")]
    [InlineData(302, "{}")]
    [InlineData(429, """{"error":{"code":"insufficient_quota"}}""")]
    [InlineData(429, """{"error":{"type":"insufficient_quota","code":null}}""")]
    [InlineData(429, """{"type":"error","error":{"type":"billing_error","message":"x"}}""")]
    [InlineData(529, "{}", "3600")] // a wait nobody can be asked to sit through
    public async Task A_lasting_failure_is_not_tried_again(int status, string body, string? retryAfter = null)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(status, body, ("Location", "/v1/elsewhere"), ("Retry-After", retryAfter ?? "0"));

        await models.FailAsync();
        Assert.Single(models.Upstream.Requests);
    }

    [Fact]
    public async Task A_connection_reset_before_the_headers_is_tried_again()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Next(Reset).Next(Reset);

        Assert.Equal("hi", (await models.AskAsync()).Text);
        Assert.Equal(3, models.Upstream.Requests.Count);

        static Task Reset(UpstreamCall call)
        {
            call.Reset();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_provider_that_refuses_connections_is_unavailable()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening: connections are refused
        await using var models = await ModelHarness.StartAsync();
        var url = $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/v1/";
        models.Config.Replace(new GatewayConfig
        {
            Models = new ModelsSection
            {
                Providers = new Dictionary<string, ProviderSection> { ["mock"] = new() { BaseUrl = url } },
            },
        });

        Assert.Equal((502, "upstream_unavailable"), ((await models.FailAsync()).Status, (await models.FailAsync()).Code));
    }

    [Fact]
    public async Task Waits_grow_with_each_try_under_full_jitter()
    {
        await using var models = await ModelHarness.StartAsync(retryDelay: TimeSpan.FromSeconds(1));
        models.Upstream.NextStatus(500).NextStatus(500);

        var answer = models.AskAsync();
        Assert.Equal(TimeSpan.FromSeconds(0.5), await NextWaitAsync(models)); // half of 1 s: the harness's jitter
        models.Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.FromSeconds(1), await NextWaitAsync(models));
        models.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("hi", (await answer.WaitAsync(ModelHarness.Patience)).Text);
    }

    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("Retry-After", "20", 20)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("Retry-After", "date:9", 9)]
    public async Task The_wait_a_provider_asks_for_is_kept(string header, string value, double seconds)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(429, "{}", (header, ValueOf(models, value)));

        var answer = models.AskAsync();
        Assert.Equal(TimeSpan.FromSeconds(seconds), await NextWaitAsync(models));
        models.Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal("hi", (await answer.WaitAsync(ModelHarness.Patience)).Text);
    }

    [Theory]
    [InlineData("21", 21)]
    [InlineData("3600", 3600)]
    [InlineData("date:3600", 3600)]
    [InlineData("99999999999", 86400)]
    public async Task A_longer_wait_than_20_seconds_is_passed_on_at_once(string value, double seconds)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(429, "{}", ("Retry-After", ValueOf(models, value)));

        var error = await models.FailAsync();

        Assert.Equal((429, TimeSpan.FromSeconds(seconds)), (error.Status, error.RetryAfter));
        Assert.Single(models.Upstream.Requests);
    }

    [Fact]
    public async Task No_try_starts_more_than_25_seconds_after_the_first()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call => call.RespondAsync(503, "{}", headers: ("Retry-After", "15")));

        var answer = models.FailAsync();
        Assert.Equal(TimeSpan.FromSeconds(15), await NextWaitAsync(models));
        models.Clock.Advance(TimeSpan.FromSeconds(15));

        var error = await answer.WaitAsync(ModelHarness.Patience);
        Assert.Equal(("upstream_unavailable", TimeSpan.FromSeconds(15)), (error.Code, error.RetryAfter));
        Assert.Equal(2, models.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Retries_stop_when_the_budget_is_spent()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call => call.RespondAsync(429, "{}"));

        for (var i = 0; i < 40; i++)
        {
            await models.FailAsync();
        }

        Assert.InRange(models.Upstream.Requests.Count - 40, 10, 14); // a full bucket of ten, and a tenth of 40
    }

    [Fact]
    public async Task A_provider_that_sends_no_headers_in_time_is_given_up()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Next(call => call.HangAsync());

        var answer = models.FailAsync();
        await models.Upstream.RequestAsync(0).WaitAsync(ModelHarness.Patience);
        models.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("upstream_timeout", (await answer).Code);
        Assert.Single(models.Upstream.Requests);
    }

    private static string ValueOf(ModelHarness models, string value) => value.StartsWith("date:", StringComparison.Ordinal)
        ? models.Clock.GetUtcNow().AddSeconds(int.Parse(value[5..], CultureInfo.InvariantCulture)).ToString(
            "r", CultureInfo.InvariantCulture)
        : value;

    // Timeouts are minutes, so whatever is due earlier is a wait between tries.
    private static async Task<TimeSpan?> NextWaitAsync(ModelHarness models)
    {
        await models.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(25)).WaitAsync(ModelHarness.Patience);
        return models.Clock.NextDue;
    }
}
