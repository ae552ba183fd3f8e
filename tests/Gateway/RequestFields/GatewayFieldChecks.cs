using System.Text.Json.Nodes;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.RequestFields;

/// <summary>What the gateway itself does for a field, seen from outside.</summary>
internal sealed class GatewayFieldChecks(FieldProviders providers)
{
    private const string TooLong =
        """{"error":{"message":"prompt is too long","type":"invalid_request_error","code":"context_length_exceeded"}}""";

    public Task CheckAsync(string surface, string field, string api) => field switch
    {
        "model" => ModelAsync(surface, api),
        "stream" => StreamAsync(surface, api),
        "stream_options.include_usage" => UsageAsync(api),
        "user" => UserAsync(surface, api),
        "metadata" => EchoedAsync(api, field, """{"a":"b"}"""),
        "max_tool_calls" => EchoedAsync(api, field, "1"),
        "store" => StoreAsync(api),
        "previous_response_id" => ChainAsync(api),
        "background" => BackgroundAsync(api),
        "truncation" => TruncationAsync(api),
        _ => throw new InvalidOperationException("There is no check of what the gateway does."),
    };

    private async Task ModelAsync(string surface, string api)
    {
        var answer = await providers.SendAsync(surface, api);
        Assert.Equal(FieldProviders.ModelOf(api), (string?)answer.Json["model"]);
        if (api != FieldProviders.Echo)
        {
            Assert.Equal(FieldProviders.ModelOf(api), $"{api}/{(string?)answer.Body["model"]}");
        }
    }

    private async Task StreamAsync(string surface, string api)
    {
        Assert.Equal("application/json", (await providers.SendAsync(surface, api)).MediaType);
        Assert.Equal("text/event-stream", (await providers.SendAsync(surface, api, ("stream", true))).MediaType);
    }

    private async Task UsageAsync(string api)
    {
        var without = await providers.SendAsync(FieldTable.Chat, api, ("stream", true));
        var with = await providers.SendAsync(FieldTable.Chat, api, ("stream", true), ("stream_options.include_usage", true));
        Assert.DoesNotContain("prompt_tokens", without.Text, StringComparison.Ordinal);
        Assert.Contains("prompt_tokens", with.Text, StringComparison.Ordinal);
    }

    private async Task UserAsync(string surface, string api)
    {
        var user = AzuriteFixture.UniqueName();
        var answer = surface == FieldTable.Responses
            ? await providers.SendAsync(surface, api, ("user", user), ("store", true))
            : await providers.SendAsync(surface, api, ("user", user));
        Assert.True(answer.Status == 200, answer.Text);
        using var sessions = await providers.Gateway.Client.GetAsync("/api/sessions?limit=200");
        Assert.Contains(user, await sessions.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task EchoedAsync(string api, string field, string value)
    {
        var answer = await providers.SendAsync(FieldTable.Responses, api, (field, JsonNode.Parse(value)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), answer.Json[field]), answer.Text);
        if (api != FieldProviders.Echo)
        {
            Assert.Null(answer.Body[field]);
        }
    }

    private async Task StoreAsync(string api)
    {
        foreach (var store in new[] { true, false })
        {
            var answer = await providers.SendAsync(FieldTable.Responses, api, ("store", store));
            using var found = await providers.Gateway.Client.GetAsync($"/v1/responses/{(string?)answer.Json["id"]}");
            Assert.Equal(store, found.IsSuccessStatusCode);
        }
    }

    private async Task ChainAsync(string api)
    {
        var first = await providers.SendAsync(FieldTable.Responses, api, ("store", true));
        var second = await providers.SendAsync(
            FieldTable.Responses, api, ("input", "and then?"), ("previous_response_id", (string?)first.Json["id"]));
        Assert.Equal((string?)first.Json["id"], (string?)second.Json["previous_response_id"]);
        if (api != FieldProviders.Echo)
        {
            Assert.Contains(FieldProviders.Text, second.Body.ToJsonString(), StringComparison.Ordinal);
        }
    }

    private async Task BackgroundAsync(string api)
    {
        var answer = await providers.SendAsync(FieldTable.Responses, api, ("store", true), ("background", true), ("stream", true));
        Assert.Contains("event: response.queued", answer.Text, StringComparison.Ordinal);
        Assert.Contains("event: response.completed", answer.Text, StringComparison.Ordinal);
    }

    private async Task TruncationAsync(string api)
    {
        var input = JsonNode.Parse(
            """[{"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":"three"}]""");
        providers.Upstream.NextStatus(400, TooLong).NextStatus(400, TooLong);
        var refused = await providers.SendAsync(FieldTable.Responses, api, ("input", input), ("truncation", "disabled"));
        var answer = await providers.SendAsync(FieldTable.Responses, api, ("input", input), ("truncation", "auto"));
        Assert.Equal((400, 1), (refused.Status, refused.Sent.Count));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal([true, false], answer.Sent.Select(s => s.ToJsonString().Contains("\"one\"", StringComparison.Ordinal)));
        Assert.All(answer.Sent, s => Assert.Contains("\"three\"", s.ToJsonString(), StringComparison.Ordinal));
    }
}
