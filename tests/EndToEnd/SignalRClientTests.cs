using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The unmodified @microsoft/signalr package against the real executable: through SignalR Service to the worker, and against the
/// self-host's own hub.</summary>
public sealed class SignalRClientTests(AzuriteFixture azurite)
{
    private static readonly string[] Checks =
    [
        "connect", "connect under /api/v1", "send and stream", "a second client sees it", "abort", "history", "an answer in two parts",
        "errors", "a message before connect", "a wrong token", "server-sent events and long polling",
    ];

    [Fact]
    public async Task The_signalr_package_works_through_SignalR_Service_against_the_worker_behind_the_Functions_host()
    {
        await using var model = await StartModelAsync();
        await using var service = await SignalRStandIn.StartAsync();
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>(Environment(model))
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["AzureSignalRConnectionString"] = service.ConnectionString,
            ["OPENCLAW__gateway__realtime__upstream__secret"] = SignalRGateway.UpstreamSecret,
        });
        service.Upstream = new StandInUpstream(host.BaseUrl, $"?code={SignalRGateway.UpstreamSecret}");

        Assert.Equal(Checks, await NodeClient.RunAsync(
            "signalr.mjs", host.BaseUrl, GatewayHost.Token, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_signalr_package_works_against_the_hub_of_the_self_host()
    {
        await using var model = await StartModelAsync();
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, Environment(model));

        Assert.Equal(Checks, await NodeClient.RunAsync(
            "signalr.mjs", new Uri(gateway.Url), GatewayHost.Token, TestContext.Current.CancellationToken));
    }

    /// <summary>Echoes; a message "slow" is answered without an end.</summary>
    private static async Task<ScriptedUpstream> StartModelAsync()
    {
        var model = await ScriptedUpstream.StartAsync();
        model.Always(async call =>
        {
            var text = call.Request.Body.GetProperty("messages").EnumerateArray().Last().GetProperty("content").ToString();
            await call.StartStreamAsync();
            if (text.Contains("slow", StringComparison.Ordinal))
            {
                await call.SendDeltaAsync("so far");
                await call.ClientGone;
                return;
            }

            foreach (var part in text.Split(' '))
            {
                await call.SendDeltaAsync(part == text.Split(' ')[0] ? part : " " + part);
            }

            await call.FinishAsync();
        });
        return model;
    }

    private static Dictionary<string, string> Environment(ScriptedUpstream model) => new()
    {
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{model.BaseUrl}}", apiKey: "k", models: [{ id: "test-model" }] }""",
    };
}
