using System.Net;
using System.Text.Json;
using Xunit;

namespace OpenClaw.Tests.Support.Gateways;

/// <summary>Short words for what tests do with <c>/api</c>.</summary>
internal static class RestApiGateway
{
    /// <summary>The <c>data</c> of a success; envelope checked.</summary>
    public static async Task<JsonElement> ReadDataAsync(this HttpResponseMessage answer)
    {
        var body = await answer.ReadJsonAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {body.GetRawText()}");
        Assert.True(body.GetProperty("success").GetBoolean());
        Assert.EndsWith("Z", body.GetProperty("timestamp").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(answer.Headers.GetValues("X-API-Version"));
        return body.GetProperty("data");
    }

    /// <summary>Status and code of a failure; envelope checked.</summary>
    public static async Task<(HttpStatusCode Status, string Code)> ReadFailureAsync(this HttpResponseMessage answer)
    {
        var body = await answer.ReadJsonAsync();
        Assert.False(body.GetProperty("success").GetBoolean());
        Assert.NotEmpty(answer.Headers.GetValues("X-API-Version"));
        Assert.NotEmpty(body.GetProperty("error").GetProperty("message").GetString()!);
        return (answer.StatusCode, body.GetProperty("error").GetProperty("code").GetString()!);
    }

    public static async Task<JsonElement> GetDataAsync(this GatewayHost gateway, string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        return await answer.ReadDataAsync();
    }

    public static async Task<JsonElement> PostDataAsync(
        this GatewayHost gateway, string path, string json, Action<HttpRequestMessage>? change = null)
    {
        using var answer = await gateway.PostAsync(path, json, change);
        return await answer.ReadDataAsync();
    }

    public static async Task<(HttpStatusCode Status, string Code)> PostFailureAsync(
        this GatewayHost gateway, string path, string json, Action<HttpRequestMessage>? change = null)
    {
        using var answer = await gateway.PostAsync(path, json, change);
        return await answer.ReadFailureAsync();
    }
}
