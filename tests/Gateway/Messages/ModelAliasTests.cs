using System.Net;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Gateway.Messages.MessagesGateway;

namespace OpenClaw.Tests.Gateway.Messages;

/// <summary>Names that the configuration maps, on every surface that takes a model's name.</summary>
public class ModelAliasTests
{
    [Theory]
    [InlineData("claude-opus-9", "wide")]
    [InlineData("claude-haiku-9-20990101", "narrow")]
    [InlineData("claude-haiku-9", "exact")]
    [InlineData("CLAUDE-HAIKU-9", "exact")]
    public async Task The_longest_pattern_wins_and_the_answer_names_what_was_asked_for(string asked, string model)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, configure: c => c.Models.Aliases = new Dictionary<string, string>
        {
            ["claude-*"] = "mock/wide",
            ["claude-haiku-*"] = "mock/narrow",
            ["claude-haiku-9"] = "mock/exact",
        });
        var message = await gateway.CreateMessageAsync(Hello(model: asked));
        using var chat = await gateway.PostChatAsync($$"""{"model":"{{asked}}","messages":[{"role":"user","content":"x"}]}""");
        using var response = await gateway.PostAsync("/v1/responses", $$"""{"model":"{{asked}}","store":false,"input":"x"}""");
        using var embedding = await gateway.PostAsync("/v1/embeddings", $$"""{"model":"{{asked}}","input":"x"}""");
        using var found = await gateway.Client.GetAsync("/v1/models/" + asked);

        Assert.All(upstream.Requests, r => Assert.Equal(model, r.Body.GetProperty("model").GetString()));
        Assert.Equal(4, upstream.Requests.Count);
        Assert.Equal(asked, message.GetProperty("model").GetString());
        Assert.Equal(asked, (await chat.ReadJsonAsync()).GetProperty("model").GetString());
        Assert.Equal(asked, (await response.ReadJsonAsync()).GetProperty("model").GetString());
        Assert.Equal(HttpStatusCode.OK, embedding.StatusCode);
        Assert.Equal(asked, (await found.ReadJsonAsync()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_alias_may_name_an_agent()
    {
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models.Aliases = new Dictionary<string, string> { ["claude-*"] = "openclaw" });

        Assert.Equal("claude-opus-9", (await gateway.CreateMessageAsync(Hello(model: "claude-opus-9"))).GetProperty("model").GetString());
    }

    [Fact]
    public async Task Without_an_alias_no_name_is_mapped()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostMessageAsync(Hello(model: "claude-opus-9"));

        Assert.Equal((HttpStatusCode.NotFound, "not_found_error"), (answer.StatusCode, (await answer.ReadAnthropicErrorAsync()).Type));
    }
}
