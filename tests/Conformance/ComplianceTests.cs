using System.Collections.Concurrent;
using System.Net;
using System.Text;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Conformance;

/// <summary>The compliance suite against both hosts; each runs all its tests at the same moment, as the public runner does.</summary>
public class ComplianceTests(AzuriteFixture azurite)
{
    private static readonly string[] Published =
    [
        "basic-response", "assistant-phase", "streaming-response", "system-prompt", "tool-calling", "image-input", "multi-turn",
            "compact-response",
        "compact-missing-model", "websocket-response", "websocket-sequential-responses", "websocket-continuation",
        "websocket-reconnect-store-false-recovery", "websocket-previous-response-not-found", "websocket-failed-continuation-evicts-cache",
        "websocket-compact-new-chain",
    ];

    private static readonly string[] Proposed = ["tool-calling-streaming", "function-call-roundtrip", "previous-response-id"];

    [Fact]
    [Trait("Feature", "F66")]
    [Trait("Feature", "F67")]
    public async Task The_self_host_passes_the_whole_suite_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var suite = new ComplianceSuite(new Uri(gateway.Url));
        var cases = suite.Http.Concat(suite.WebSocket).ToDictionary();

        Assert.Equal(Published.Concat(Proposed).Order(StringComparer.Ordinal), cases.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(await RunAsync(cases));
    }

    [Fact]
    public async Task The_worker_passes_the_suite_at_once_and_sends_websockets_to_negotiate()
    {
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        });
        var suite = new ComplianceSuite(host.BaseUrl) { IsProxied = true };
        Assert.Empty(await RunAsync(suite.Http));

        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/responses");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + GatewayHost.Token);
        using var answer = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Contains("/negotiate", (await answer.ReadErrorAsync()).Message, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(IReadOnlyDictionary<string, Func<Task>> cases)
    {
        var failures = new ConcurrentBag<string>();
        await Task.WhenAll(cases.Select(c => Task.Run(async () =>
        {
            try
            {
                await c.Value();
            }
            catch (Exception failure)
            {
                failures.Add($"{c.Key}: {failure.Message}\n{failure.StackTrace}");
            }
        })));
        return new StringBuilder().AppendJoin("\n\n", failures.Order(StringComparer.Ordinal)).ToString();
    }
}
