using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

/// <summary>The real worker under the stand-in host, which reaches itself as the platform would.</summary>
public class BackgroundRunTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_long_run_behind_an_early_answer_does_not_block_the_connection_it_came_on()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await StartAsync(upstream);
        var mayEnd = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await mayEnd.Task;
            await call.StreamTextAsync("done");
        });

        // One keep-alive connection, two requests.
        using var socket = new TcpClient(host.BaseUrl.Host, host.BaseUrl.Port);
        await using var stream = socket.GetStream();
        var accepted = await ExchangeAsync(stream, "POST", "/v1/responses", """{"model":"up/m","input":"Hi","background":true}""");
        Assert.Equal("queued", accepted.Status());
        await upstream.RequestAsync(0);
        var polled = await ExchangeAsync(stream, "GET", $"/v1/responses/{accepted.Id()}", null);
        Assert.Equal("in_progress", polled.Status());
        var invocation = await host.Invocations.FindAsync("ExecuteRuns");
        Assert.False(invocation.Result.IsCompleted); // the platform sees a running invocation

        mayEnd.SetResult();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.BaseUrl, $"/v1/responses/{accepted.Id()}?stream=true"));
        request.Headers.Add("Authorization", "Bearer " + GatewayHost.Token);
        using var events = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("done", ResponsesGateway.Events(
            await events.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Last().GetProperty("response").Text());
        await invocation.Result;
    }

    private Task<FunctionsHost> StartAsync(ScriptedUpstream upstream) =>
        FunctionsHost.StartAsync(environment: new Dictionary<string, string>
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__models__providers__up"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
        });

    private static async Task<JsonElement> ExchangeAsync(NetworkStream stream, string method, string path, string? body)
    {
        var length = body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {GatewayHost.Token}\r\n{length}\r\n{body}"));
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            Assert.True(read > 0, "The connection was closed: " + text);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var all = text.ToString();
            var start = all.IndexOf('{', StringComparison.Ordinal);
            var end = all.LastIndexOf('}');
            if (start >= 0 && end > start && IsWhole(all[start..(end + 1)], out var json))
            {
                Assert.StartsWith("HTTP/1.1 200", all, StringComparison.Ordinal);
                return json;
            }
        }
    }

    private static bool IsWhole(string text, out JsonElement json)
    {
        try
        {
            json = JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }
}
