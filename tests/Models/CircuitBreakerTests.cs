using Xunit;

namespace OpenClaw.Tests.Models;

public class CircuitBreakerTests
{
    [Fact]
    public async Task A_provider_that_is_down_is_spared_and_probed_every_ten_seconds()
    {
        await using var models = await ModelHarness.StartAsync();
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
    public async Task Requests_refused_for_their_own_fault_do_not_open_the_circuit()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call => call.RespondAsync(400, "{}"));
        for (var i = 0; i < 30; i++)
        {
            await models.FailAsync();
        }

        models.Upstream.Always(null);
        Assert.Equal("hi", (await models.AskAsync()).Text);
    }
}
