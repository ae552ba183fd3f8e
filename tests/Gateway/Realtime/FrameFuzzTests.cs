using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Realtime.Fuzz;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>The same changed messages each time; <c>bench frames</c> tries others, and more of them.</summary>
[Trait("Feature", "F11")]
public class FrameFuzzTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("rpc", 500)]
    [InlineData("simple", 500)]
    [InlineData("hub", 200)]
    public async Task Changed_messages_end_in_an_answer_or_a_clean_close_and_never_in_a_failure_of_the_gateway(string name, int count)
    {
        await using var gateway = await GatewayHost.StartAsync(
            StorageAccount.Parse(azurite.ConnectionString), c => c.Gateway.Http.RateLimit.RequestsPerMinute = 0);
        var fuzz = new FrameFuzz(FrameDialect.All(new Uri(gateway.Url), GatewayHost.Token)[name]);

        await fuzz.RunAsync(count, seed: 16, TestContext.Current.CancellationToken);

        Assert.Empty(fuzz.Faults);
        Assert.DoesNotContain(gateway.Log.Split('\n'), line => line.Contains(" fail ", StringComparison.Ordinal));
        using var health = await gateway.Client.GetAsync("/health");
        Assert.True(health.IsSuccessStatusCode);
        TestContext.Current.TestOutputHelper?.WriteLine(fuzz.Summary);
    }
}
