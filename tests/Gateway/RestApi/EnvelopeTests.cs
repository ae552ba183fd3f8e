using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

public class EnvelopeTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F77")]
    [Trait("Feature", "F81")]
    public async Task Status_says_what_runs_where_in_the_success_envelope()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.Client.GetAsync("/api/status");
        var data = await answer.ReadDataAsync();

        Assert.Equal(
            ("ok", "self-host", "echo/echo", "connected"),
            (data.GetProperty("status").GetString(), data.GetProperty("host").GetString(), data.GetProperty(
                "model").GetString(), data.GetProperty("storage").GetString()));
        Assert.Equal("main", data.GetProperty("agents")[0].GetProperty("id").GetString());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("DELETE", "/api/status", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    [InlineData("DELETE", "/api/v1/status", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/api/status?token=abc", HttpStatusCode.BadRequest, "CREDENTIAL_IN_QUERY")]
    [InlineData("GET", "/api/status;x=1", HttpStatusCode.BadRequest, "INVALID_PATH")]
    [Trait("Feature", "F82")]
    [Trait("Feature", "D11")]
    public async Task Failures_before_any_handler_have_the_error_envelope(string method, string path, HttpStatusCode status, string code)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((status, code), await answer.ReadFailureAsync());
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, answer.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    [Trait("Feature", "F82")]
    public async Task A_stranger_is_unauthorized_and_learns_when_to_come_back_after_too_many_tries()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Gateway.Auth.RateLimit.MaxAttempts = 1;
            c.Gateway.Auth.RateLimit.ExemptLoopback = false;
        });
        using var none = await SendAsync(gateway, null);
        await SendAsync(gateway, "wrong");
        using var locked = await SendAsync(gateway, "wrong again");
        var error = (await locked.ReadJsonAsync()).GetProperty("error");

        Assert.Equal((HttpStatusCode.Unauthorized, "UNAUTHORIZED"), await none.ReadFailureAsync());
        Assert.False((await none.ReadJsonAsync()).GetProperty("error").TryGetProperty("retryAfter", out _));
        Assert.Equal((HttpStatusCode.TooManyRequests, "AUTH_RATE_LIMITED"), await locked.ReadFailureAsync());
        Assert.Equal(locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, error.GetProperty("retryAfter").GetInt64());
    }

    [Theory]
    [InlineData("/tools/nothing")]
    [InlineData("/v1/tools/nothing")]
    [InlineData("/hooks/nothing")]
    [Trait("Feature", "D11")]
    public async Task Tools_and_hooks_fail_in_their_own_shape(string path)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostAsync(path, "{}");
        var body = await answer.ReadJsonAsync();

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(body.GetProperty("ok").GetBoolean());
        Assert.Equal("not_found", body.GetProperty("error").GetProperty("type").GetString());
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string? token)
    {
        gateway.Client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return gateway.Client.GetAsync("/api/status");
    }
}
