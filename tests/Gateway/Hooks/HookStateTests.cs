using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>What <c>hooks.status</c> tells, on any instance.</summary>
[Trait("Feature", "F71")]
public class HookStateTests(AzuriteFixture azurite)
{
    private const string Mappings = "mappings: [{ messageTemplate: 'x' }]";

    private readonly string _prefix = AzuriteFixture.UniqueName()[..12];

    private readonly WatchedTimeProvider _clock = new();

    [Fact]
    public async Task An_instance_tells_the_calls_and_errors_of_all_also_of_those_that_are_gone()
    {
        await using var other = await StartAsync();
        await using (var one = await StartAsync())
        {
            await one.PostOkAsync("/hooks/agent", """{"message":"x"}""");
            await one.PostFailureAsync("/hooks/agent", "{}");
            await one.PostFailureAsync("/hooks/agent", "{}", ("Authorization", "Bearer wrong"));
            await other.PostOkAsync("/hooks/agent", """{"message":"x"}""");
            _clock.Advance(TimeSpan.FromSeconds(5));
            var state = await UntilAsync(other, hook => Count(hook) == (2, 1));
            Assert.Equal(1, state.GetProperty("refused").GetInt32());
            Assert.Equal("missing_required_parameter", state.GetProperty("hooks")[0].GetProperty("lastError").GetString());
            await one.PostOkAsync("/hooks/agent", """{"message":"x"}"""); // not stored yet when it ends
        }

        await UntilAsync(other, hook => Count(hook) == (3, 1));
        await using var next = await StartAsync();
        await UntilAsync(next, hook => Count(hook) == (3, 1));
    }

    [Fact]
    public async Task Callers_do_not_choose_the_names_of_what_is_remembered()
    {
        await using var gateway = await StartAsync();
        await gateway.PostOkAsync("/hooks/one", "{}");
        await gateway.PostOkAsync("/hooks/two", "{}");
        var state = await UntilAsync(gateway, hook => Count(hook) == (2, 0));
        Assert.Equal("*", Assert.Single(state.GetProperty("hooks").EnumerateArray()).GetProperty("name").GetString());
    }

    private static (int Calls, int Failures) Count(JsonElement hook) =>
        (hook.GetProperty("calls").GetInt32(), hook.GetProperty("failures").GetInt32());

    /// <summary>Each look is a request that the gateway answers.</summary>
    private static async Task<JsonElement> UntilAsync(HookGateway gateway, Func<JsonElement, bool> holds)
    {
        await using var client = await ControlClient.ConnectAsync(gateway.Host, "operator.read");
        while (true)
        {
            var state = await client.RequestAsync("hooks.status");
            if (state.GetProperty("hooks").EnumerateArray().Any(holds))
            {
                return state;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Task<HookGateway> StartAsync() => HookGateway.StartAsync(
        azurite.StorageAccount, Mappings, services: services => services.AddSingleton<TimeProvider>(_clock), prefix: _prefix);
}
