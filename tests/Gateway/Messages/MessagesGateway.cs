using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Gateway.Messages;

/// <summary>A gateway whose model is scripted, and readers of what the Messages API answers.</summary>
internal static class MessagesGateway
{
    public const string MessagesPath = "/v1/messages";

    public const string Anthropic = "anthropic-messages";

    public const string WeatherTools = """
        "tools":[{"name":"get_weather","description":"The weather.","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},
          {"name":"get_time","input_schema":{"type":"object"}}]
        """;

    public static Task<GatewayHost> StartAsync(
        ScriptedUpstream upstream, string api = "openai-completions", Action<GatewayConfig>? configure = null,
            StorageAccount? storage = null) =>
        GatewayHost.StartAsync(storage, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(api) };
            configure?.Invoke(c);
        });

    /// <summary>A request with one user message.</summary>
    /// <param name="more">Further fields, each with a comma behind it.</param>
    public static string Hello(string more = "", string model = "mock/test-model") =>
        $$"""{"model":"{{model}}","max_tokens":8000,{{more}}"messages":[{"role":"user","content":"Hello"}]}""";

    /// <summary>A request with these messages.</summary>
    public static string Conversation(string messages, string more = "", string model = "mock/test-model") =>
        $$"""{"model":"{{model}}","max_tokens":8000,{{more}}"messages":[{{messages}}]}""";

    public static Task<HttpResponseMessage> PostMessageAsync(
        this GatewayHost gateway, string json, Action<HttpRequestMessage>? change = null, bool stream = false) =>
        gateway.PostAsync(MessagesPath, json, change, stream);

    /// <summary>The whole answer; fails unless it is 200.</summary>
    public static async Task<JsonElement> CreateMessageAsync(
        this GatewayHost gateway, string json, Action<HttpRequestMessage>? change = null)
    {
        using var answer = await gateway.PostMessageAsync(json, change);
        return answer.IsSuccessStatusCode
            ? await answer.ReadJsonAsync()
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>The events of a finished stream; the <c>event:</c> line of each is its type.</summary>
    public static async Task<List<JsonElement>> StreamMessageAsync(this GatewayHost gateway, string json)
    {
        using var answer = await gateway.PostMessageAsync(json);
        var events = new List<JsonElement>();
        foreach (var text in (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(
            e => !e.StartsWith(':')))
        {
            var lines = text.Split('\n');
            var data = JsonElement.Parse(lines[1]["data: ".Length..]);
            Xunit.Assert.Equal("event: " + data.GetProperty("type").GetString(), lines[0]);
            events.Add(data);
        }

        return events;
    }

    /// <summary>The content of the message that a stream adds up to: what a client makes of it.</summary>
    public static string Content(this List<JsonElement> events)
    {
        var blocks = new JsonArray();
        foreach (var next in events)
        {
            switch (next.GetProperty("type").GetString())
            {
                case "content_block_start":
                    Xunit.Assert.Equal(blocks.Count, next.GetProperty("index").GetInt32());
                    blocks.Add(JsonNode.Parse(next.GetProperty("content_block").GetRawText()));
                    break;
                case "content_block_delta":
                    Apply((JsonObject)blocks[next.GetProperty("index").GetInt32()]!, next.GetProperty("delta"));
                    break;
                case "content_block_stop" when (string?)blocks[next.GetProperty("index").GetInt32()]!["type"] == "tool_use":
                    var call = blocks[next.GetProperty("index").GetInt32()]!;
                    call["input"] = JsonNode.Parse((string)call["partial"]!);
                    ((JsonObject)call).Remove("partial");
                    break;
            }
        }

        return blocks.ToJsonString();
    }

    /// <summary>Anthropic's error shape, all keys checked.</summary>
    public static async Task<(string Type, string Message)> ReadAnthropicErrorAsync(this HttpResponseMessage answer)
    {
        var body = await answer.ReadJsonAsync();
        Xunit.Assert.Equal("error", body.GetProperty("type").GetString());
        Xunit.Assert.Equal(answer.Headers.GetValues("request-id").Single(), body.GetProperty("request_id").GetString());
        Xunit.Assert.StartsWith("req_", body.GetProperty("request_id").GetString(), StringComparison.Ordinal);
        var error = body.GetProperty("error");
        return (error.GetProperty("type").GetString()!, error.GetProperty("message").GetString()!);
    }

    private static void Apply(JsonObject block, JsonElement delta)
    {
        var (target, source) = delta.GetProperty("type").GetString() switch
        {
            "text_delta" => ("text", "text"),
            "thinking_delta" => ("thinking", "thinking"),
            "signature_delta" => ("signature", "signature"),
            _ => ("partial", "partial_json"),
        };
        block[target] = (string?)block[target] + delta.GetProperty(source).GetString();
    }
}
