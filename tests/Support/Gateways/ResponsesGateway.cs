using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using Xunit;

namespace OpenClaw.Tests.Support.Gateways;

/// <summary>A gateway with a scripted provider, and short words for what tests do with responses.</summary>
internal static class ResponsesGateway
{
    public const string Path = "/v1/responses";

    public static Task<GatewayHost> StartAsync(
        ScriptedUpstream upstream, StorageAccount? storage = null, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(storage, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            configure?.Invoke(c);
        });

    public static Task<HttpResponseMessage> PostResponseAsync(
        this GatewayHost gateway, string json, Action<HttpRequestMessage>? change = null, bool stream = false) =>
        gateway.PostAsync(Path, json, change, stream);

    /// <summary>Posts and expects 200.</summary>
    public static async Task<JsonElement> CreateAsync(this GatewayHost gateway, string json, Action<HttpRequestMessage>? change = null)
    {
        using var answer = await gateway.PostResponseAsync(json, change);
        var body = await answer.ReadJsonAsync();
        Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
        return body;
    }

    /// <summary>A stored response.</summary>
    public static async Task<JsonElement> GetResponseAsync(this GatewayHost gateway, string id)
    {
        using var answer = await gateway.Client.GetAsync($"{Path}/{id}");
        var body = await answer.ReadJsonAsync();
        Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
        return body;
    }

    /// <summary>Posts with <c>stream</c> and reads all events but <c>[DONE]</c>, which must be last.</summary>
    public static async Task<List<JsonElement>> StreamAsync(this GatewayHost gateway, string json)
    {
        using var answer = await gateway.PostResponseAsync(json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return Events(await answer.Content.ReadAsStringAsync());
    }

    public static List<JsonElement> Events(string text)
    {
        var data = text.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l[6..]).ToList();
        Assert.Equal("[DONE]", data[^1]);
        return data[..^1].ConvertAll(d => JsonElement.Parse(d));
    }

    public static string Type(this JsonElement element) => element.GetProperty("type").GetString()!;

    public static string Id(this JsonElement element) => element.GetProperty("id").GetString()!;

    public static string Status(this JsonElement element) => element.GetProperty("status").GetString()!;

    /// <summary>The text of all messages of a response.</summary>
    public static string Text(this JsonElement response) => string.Concat(response.GetProperty("output").EnumerateArray()
        .Where(i => i.Type() == "message").SelectMany(i => i.GetProperty("content").EnumerateArray())
        .Where(p => p.Type() == "output_text").Select(p => p.GetProperty("text").GetString()));
}
