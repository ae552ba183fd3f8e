using System.Net;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.RequestFields;

/// <summary>Fields that no API reference has are ignored, and the answer names them.</summary>
public class UnknownFieldTests
{
    private const string Header = "x-openclaw-ignored-fields";

    [Theory]
    [InlineData("/v1/chat/completions", """ "messages":[{"role":"user","content":"x"}] """)]
    [InlineData("/v1/responses", """ "input":"x","store":false """)]
    [InlineData("/v1/messages", """ "max_tokens":9,"messages":[{"role":"user","content":"x"}] """)]
    public async Task Answer_names_the_fields_that_were_ignored(string path, string fields)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var known = await gateway.PostAsync(path, $$"""{"model":"openclaw",{{fields}},"temperature":0.5}""");
        using var unknown = await gateway.PostAsync(
            path, $$"""{"model":"openclaw",{{fields}},"max_token":5,"min_p":{"a":[1]},"nothing":null,"a\r\nb":1,"é":1}""");
        using var stream = await gateway.PostAsync(path, $$"""{"model":"openclaw",{{fields}},"stream":true,"min_p":0.1}""");

        Assert.False(known.Headers.Contains(Header));
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        Assert.Equal("max_token, min_p", Assert.Single(unknown.Headers.GetValues(Header)));
        Assert.Equal("min_p", Assert.Single(stream.Headers.GetValues(Header)));
    }

    [Fact]
    public async Task No_more_than_twenty_fields_are_named()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var many = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"f{i}\":1"));
        using var answer = await gateway.PostChatAsync($$"""{"model":"openclaw","messages":[{"role":"user","content":"x"}],{{many}}}""");

        Assert.Equal(20, Assert.Single(answer.Headers.GetValues(Header)).Split(", ").Length);
    }
}
