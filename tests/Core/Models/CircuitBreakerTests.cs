using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Models.Upstream;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

[Trait("Feature", "R14")]
public class CircuitBreakerTests
{
    [Theory]
    [InlineData("openai-completions")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("azure-openai")]
    public async Task A_provider_that_is_down_is_spared_and_probed_every_ten_seconds(string api)
    {
        await using var models = await ModelHarness.StartAsync(api);
        models.Upstream.Always(call => call.RespondAsync(503, "{}"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("upstream_unavailable", (await models.FailAsync()).Code);
        }

        var sent = models.Upstream.Requests.Count;
        Assert.InRange(sent, 10, 20);
        var error = await models.FailAsync();
        Assert.Equal((502, "upstream_unavailable"), (error.Status, error.Code));
        Assert.NotNull(error.RetryAfter);
        Assert.Equal(sent, models.Upstream.Requests.Count);

        models.Clock.Advance(TimeSpan.FromSeconds(11));
        await models.FailAsync();
        await models.FailAsync();
        Assert.Equal(sent + 1, models.Upstream.Requests.Count);

        models.Upstream.Always(null);
        models.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("hi", (await models.AskAsync()).Text);
        Assert.Equal("hi", (await models.AskAsync()).Text);
    }

    [Fact]
    public async Task Broken_connections_open_the_circuit_too()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call =>
        {
            call.Reset();
            return Task.CompletedTask;
        });
        for (var i = 0; i < 20; i++)
        {
            await models.FailAsync();
        }

        var sent = models.Upstream.Requests.Count;
        await models.FailAsync();
        Assert.Equal(sent, models.Upstream.Requests.Count);
    }

    [Fact]
    public async Task While_a_provider_is_down_for_a_minute_no_caller_of_an_agent_with_a_fallback_sees_it()
    {
        await using var failing = await ScriptedUpstream.StartAsync();
        await using var healthy = await ScriptedUpstream.StartAsync();
        var clock = new FakeTimeProvider();
        await using var gateway = await GatewayHost.StartAsync(
            configure: config =>
            {
                config.Models.Providers = new Dictionary<string,
                    ProviderSection>
                { ["mock"] = failing.ProviderConfig(), ["other"] = healthy.ProviderConfig() };
                config.Agents.Defaults.Model = new() { Primary = "mock/a", Fallbacks = ["other/b"] };
            },
            services: services => services.AddSingleton(new ModelHttpOptions { TimeProvider = clock, RetryBaseDelay = TimeSpan.Zero }));

        failing.Always(call => call.RespondAsync(503, "{}"));
        for (var second = 0; second < 60; second++, clock.Advance(TimeSpan.FromSeconds(1)))
        {
            Assert.Equal("hi", await AskAsync());
        }

        Assert.Equal(60, healthy.Requests.Count);
        Assert.InRange(failing.Requests.Count, 10, 26); // until it opened, and a probe every ten seconds
        failing.Always(call => call.StreamTextAsync("back"));
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("back", await AskAsync());

        async Task<string> AskAsync()
        {
            using var answer = await gateway.PostChatAsync("""{"model":"openclaw","messages":[{"role":"user","content":"hi"}]}""");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return (await answer.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    public async Task Requests_refused_for_their_own_fault_do_not_open_the_circuit(int status)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call => call.RespondAsync(status, "{}"));
        for (var i = 0; i < 30; i++)
        {
            await models.FailAsync();
        }

        models.Upstream.Always(null);
        Assert.Equal("hi", (await models.AskAsync()).Text);
    }
}
