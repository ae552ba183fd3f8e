using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Storage;

namespace OpenClaw.Tests.Support.Gateways;

/// <summary>Short words for what tests do with named keys.</summary>
internal static class ApiKeyGateway
{
    public const string Chat = """{"model":"openclaw","messages":[{"role":"user","content":"hi"}]}""";

    public const string Writer = """{"name":"writer","scopes":["operator.read","operator.write"]}""";

    public static Task<GatewayHost> StartAsync(
        StorageAccount storage, string prefix, TimeProvider clock, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(
            storage,
            c =>
            {
                c.Storage.Prefix = prefix;
                configure?.Invoke(c);
            },
            services => services.AddSingleton(clock));

    /// <summary>A new key's id and text.</summary>
    public static async Task<(string Id, string Text)> CreateKeyAsync(this GatewayHost gateway, string json, string? bearer = null)
    {
        var data = await gateway.PostDataAsync("/api/v1/keys", json, bearer is null ? null : r => r.Use(bearer));
        return (data.GetProperty("id").GetString()!, data.GetProperty("key").GetString()!);
    }

    public static void Use(this HttpRequestMessage request, string bearer) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);

    public static async Task<HttpResponseMessage> SendAsync(
        this GatewayHost gateway, HttpMethod method, string path, string? bearer, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearer is not null)
        {
            request.Use(bearer);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request);
    }

    public static async Task<HttpStatusCode> StatusAsync(this GatewayHost gateway, string bearer, string path = "/v1/models")
    {
        using var answer = await gateway.SendAsync(HttpMethod.Get, path, bearer);
        return answer.StatusCode;
    }

    public static async Task<(HttpStatusCode Status, string? Code)> ChatAsync(
        this GatewayHost gateway, string bearer, params (string Name, string Value)[] headers)
    {
        using var answer = await gateway.PostChatAsync(Chat, request =>
        {
            request.Use(bearer);
            foreach (var (name, value) in headers)
            {
                request.Headers.Add(name, value);
            }
        });
        var body = await answer.ReadJsonAsync();
        return (answer.StatusCode, body.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null);
    }

    public static async Task<JsonElement> PatchAsync(this GatewayHost gateway, string path, string json, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = new StringContent(json, null, "application/json") };
        if (bearer is not null)
        {
            request.Use(bearer);
        }

        using var answer = await gateway.Client.SendAsync(request);
        return await answer.ReadJsonAsync();
    }
}
