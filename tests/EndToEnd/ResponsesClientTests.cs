using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>Clients of the Responses API, unmodified and pinned, against the real executable. Each check is named in its script.</summary>
public sealed class ResponsesClientTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("responses.mjs", 17)]
    [InlineData("responses-socket.mjs", 3)]
    [InlineData("agents.mjs", 6)]
    [InlineData("ai-sdk.mjs", 13)]
    [InlineData("langchain.mjs", 6)]
    [Trait("Feature", "F40")]
    [Trait("Feature", "F99")]
    public async Task An_unmodified_client_gets_what_it_expects_from_the_self_host(string script, int checks)
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, Settings());

        var passed = await NodeClient.RunAsync(script, new Uri(gateway.Url), GatewayHost.Token, TestContext.Current.CancellationToken);

        Assert.Equal(checks, passed.Count);
    }

    [Fact]
    [Trait("Feature", "F40")]
    public async Task The_OpenAI_client_gets_the_same_through_the_Functions_host()
    {
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>(Settings())
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
        });

        var passed = await NodeClient.RunAsync("responses.mjs", host.BaseUrl, GatewayHost.Token, TestContext.Current.CancellationToken);

        Assert.Equal(17, passed.Count);
    }

    private static Dictionary<string, string> Settings() => new()
    {
        ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..13],
    };
}
