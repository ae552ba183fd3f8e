using System.Net;
using System.Runtime.InteropServices;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.Embeddings;

public class EmbeddingTests
{
    [Fact]
    [Trait("Feature", "F42")]
    public async Task Floats_and_base64_are_the_same_vectors_and_dimensions_are_kept()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var floats = await gateway.PostAsync("/v1/embeddings", """{"model":"echo/echo","input":["one","two"],"dimensions":8}""");
        using var base64 = await gateway.PostAsync(
            "/v1/embeddings", """{"model":"echo/echo","input":"one","dimensions":8,"encoding_format":"base64"}""");
        var body = await floats.ReadJsonAsync();
        var data = body.GetProperty("data");
        var first = data[0].GetProperty("embedding").EnumerateArray().Select(n => n.GetSingle()).ToArray();
        var bytes = Convert.FromBase64String((await base64.ReadJsonAsync()).GetProperty("data")[0].GetProperty("embedding").GetString()!);

        Assert.Equal("list", body.GetProperty("object").GetString());
        Assert.Equal(2, data.GetArrayLength());
        Assert.Equal(8, first.Length);
        Assert.Equal(first, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        Assert.True(body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64() > 0);
    }

    [Fact]
    public async Task A_name_of_an_agent_uses_the_configured_embedding_model()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Models.Providers = new Dictionary<string, OpenClaw.Configuration.ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            c.Memory.Search = new() { Provider = "mock", Model = "embed-small" };
        });
        using var answer = await gateway.PostAsync("/v1/embeddings", """{"model":"openclaw","input":"text"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("embed-small", upstream.Requests[0].Body.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("{}", "missing_required_parameter", "input")]
    [InlineData("{\"input\":[]}", "invalid_value", "input")]
    [InlineData("{\"input\":\"\"}", "invalid_value", "input[0]")]
    [InlineData("{\"input\":[1,2]}", "invalid_type", "input")]
    [InlineData("{\"input\":\"x\",\"encoding_format\":\"hex\"}", "invalid_value", "encoding_format")]
    [InlineData("{\"input\":\"x\",\"dimensions\":0}", "invalid_value", "dimensions")]
    public async Task A_bad_request_is_400_and_names_the_parameter(string body, string code, string param)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostAsync("/v1/embeddings", body);
        var error = await answer.ReadErrorAsync();
        Assert.Equal((HttpStatusCode.BadRequest, code, param), (answer.StatusCode, error.Code, error.Param));
    }

    [Fact]
    [Trait("Feature", "F42")]
    public async Task Models_are_listed_agents_first_and_found_by_encoded_id()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var list = (await (await gateway.Client.GetAsync("/v1/models")).ReadJsonAsync()).GetProperty("data");
        using var encoded = await gateway.Client.GetAsync("/v1/models/echo%2Fecho");
        using var plain = await gateway.Client.GetAsync("/v1/models/openclaw/main");
        using var missing = await gateway.Client.GetAsync("/v1/models/nothing");

        Assert.Equal(["openclaw", "openclaw/default", "openclaw/main", "echo/echo"], list.EnumerateArray().Select(
            m => m.GetProperty("id").GetString()));
        Assert.Equal("echo/echo", (await encoded.ReadJsonAsync()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
