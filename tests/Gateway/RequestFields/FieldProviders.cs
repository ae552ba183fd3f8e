using System.Text.Json.Nodes;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.RequestFields;

/// <summary>A gateway with one provider of each API, all of them at one scripted upstream.</summary>
public sealed class FieldProviders(AzuriteFixture azurite) : IAsyncLifetime
{
    public const string Echo = "echo";

    /// <summary>Long enough to be cut, and it names the tool of the samples.</summary>
    public const string Text =
        "Hello there, please tell me about the weather of today and of tomorrow, and then of all the days that follow";

    private static readonly Dictionary<string, string> Models = new()
    {
        ["openai-completions"] = "test-model",
        ["azure-openai"] = "test-model",
        ["openai-responses"] = "test-model",
        ["anthropic-messages"] = "claude-opus-4-6",
        [Echo] = "echo",
    };

    /// <summary>The columns of the tables.</summary>
    public static IReadOnlyList<string> Apis { get; } = [.. Models.Keys];

    internal GatewayHost Gateway { get; private set; } = null!;

    internal ScriptedUpstream Upstream { get; private set; } = null!;

    public static string ModelOf(string api) => $"{api}/{Models[api]}";

    public async ValueTask InitializeAsync()
    {
        Upstream = await ScriptedUpstream.StartAsync();
        Gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Models.Providers = Models.ToDictionary(m => m.Key, m => ProviderOf(m.Key, m.Value)));
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>Sends a request of a surface, with these fields beside the least that it needs.</summary>
    /// <param name="set">Paths of fields and their values.</param>
    internal async Task<FieldAnswer> SendAsync(string surface, string api, params (string Path, JsonNode? Value)[] set)
    {
        var body = surface switch
        {
            FieldTable.Chat => Parse($$"""{"messages":[{"role":"user","content":"{{Text}}"}]}"""),
            FieldTable.Responses => Parse($$"""{"input":"{{Text}}","store":false}"""),
            _ => Parse($$"""{"max_tokens":4096,"messages":[{"role":"user","content":"{{Text}}"}]}"""),
        };
        body["model"] = ModelOf(api);
        foreach (var (path, value) in set)
        {
            Set(body, path, value?.DeepClone());
        }

        var before = Upstream.Requests.Count;
        using var answer = await Gateway.PostAsync(PathOf(surface), body.ToJsonString());
        var text = await answer.Content.ReadAsStringAsync();
        var sent = Upstream.Requests.Skip(before).Select(r => (JsonObject)JsonNode.Parse(r.Body.GetRawText())!).ToList();
        return new FieldAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text, sent);
    }

    public static string PathOf(string surface) => surface switch
    {
        FieldTable.Chat => "/v1/chat/completions",
        FieldTable.Responses => "/v1/responses",
        _ => "/v1/messages",
    };

    /// <summary>The value at a path such as <c>text.format</c>; null when there is none.</summary>
    public static JsonNode? Get(JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = node is JsonObject parent && parent.TryGetPropertyValue(name, out var child) ? child : null;
        }

        return node;
    }

    private static void Set(JsonObject body, string path, JsonNode? value)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            body = (JsonObject)(body[name] ??= new JsonObject());
        }

        body[names[^1]] = value;
    }

    private ProviderSection ProviderOf(string api, string model)
    {
        if (api == Echo)
        {
            return new ProviderSection { Api = Echo, Models = [new() { Id = model }] };
        }

        var provider = Upstream.ProviderConfig(api);
        provider.Models = [new ModelSection { Id = model, Reasoning = true }];
        return provider;
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}

/// <param name="Sent">The bodies that the provider got.</param>
internal sealed record FieldAnswer(int Status, string? MediaType, string Text, IReadOnlyList<JsonObject> Sent)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The one body that the provider got.</summary>
    public JsonObject Body => Assert.Single(Sent);

    /// <summary>What the model said or called, without ids and figures.</summary>
    public string Said() => Json switch
    {
        { } chat when chat["choices"] is { } choices => $"{choices[0]!["message"]!["content"]}{Calls(choices[0]!["message"]!)}",
        { } response when response["output"] is JsonArray output =>
            string.Concat(output.Select(i => $"{i!["type"]} {i["name"]} {i["content"]?[0]?["text"]} {i["arguments"]}")),
        var message => string.Concat(message["content"]!.AsArray().Select(b => $"{b!["type"]} {b["name"]} {b["text"]} {b["input"]}")),
    };

    private static string Calls(JsonNode message) => string.Concat(
        $"{message["tool_calls"]?[0]?["function"]?.ToJsonString()}{message["function_call"]?.ToJsonString()}");
}
