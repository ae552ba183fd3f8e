using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The unmodified openai package against the real executable, in both of its hosts.</summary>
public sealed class OpenAiClientTests(AzuriteFixture azurite)
{
    private static readonly string[] Checks =
    [
        "models.list", "models.retrieve", "chat.json", "chat.stream", "chat.stream.usage", "chat.stream.helper",
        "tools.round-trip", "tools.stream", "tools.pinned", "tools.none", "structured-output",
        "embeddings", "embeddings.dimensions", "session.user",
        "error.authentication", "error.unknown-model", "error.bad-request",
    ];

    [Fact]
    [Trait("Feature", "F37")]
    [Trait("Feature", "F38")]
    [Trait("Feature", "F40")]
    [Trait("Feature", "F42")]
    public async Task The_openai_package_works_against_the_self_host()
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, Environment());

        Assert.Equal(Checks, await NodeClient.RunAsync(
            "chat.mjs", new Uri(gateway.Url), GatewayHost.Token, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Feature", "F37")]
    [Trait("Feature", "F38")]
    [Trait("Feature", "F40")]
    [Trait("Feature", "F42")]
    public async Task The_openai_package_works_against_the_worker_behind_the_Functions_host()
    {
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>(Environment())
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__gateway__http__endpoints__chatCompletions__enabled"] = "true",
        });

        Assert.Equal(Checks, await NodeClient.RunAsync("chat.mjs", host.BaseUrl, GatewayHost.Token, TestContext.Current.CancellationToken));
    }

    private static Dictionary<string, string> Environment() => new()
    {
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        ["OPENCLAW__models__providers__echo"] = """{ api: "echo", models: [{ id: "echo" }] }""",
    };
}
