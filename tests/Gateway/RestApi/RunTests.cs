using System.Net;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

public class RunTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_background_run_can_be_looked_up_with_its_events()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var accepted = await gateway.CreateAsync("""{"model":"mock/m","input":"Hello","background":true}""");
        await gateway.Client.GetStringAsync($"/v1/responses/{accepted.Id()}?stream=true");
        var id = await RunIdAsync(gateway);

        var run = (await GetAsync(gateway, $"/api/v1/runs/{id}")).GetProperty("data");
        Assert.Equal(("completed", "response", 1), (
            run.GetProperty("status").GetString(), run.GetProperty("kind").GetString(), run.GetProperty("attempts").GetInt32()));
        Assert.NotEqual("", run.GetProperty("message").GetString());
        Assert.Equal(5, run.GetProperty("usage").GetProperty("totalTokens").GetInt32());

        var events = (await GetAsync(gateway, $"/api/runs/{id}/events")).GetProperty("data");
        var numbers = events.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("number").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(0, numbers.Count).Select(n => (long)n), numbers);
        Assert.True(events.GetProperty("ended").GetBoolean());
        Assert.Equal("run.completed", events.GetProperty("events").EnumerateArray().Last().GetProperty("event").Type());
        var rest = (await GetAsync(gateway, $"/api/runs/{id}/events?after={numbers[^2]}")).GetProperty("data");
        Assert.Equal(1, rest.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Events_are_followed_live_as_sse()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var mayEnd = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("one");
            await mayEnd.Task;
            await call.FinishAsync();
        });
        await gateway.CreateAsync("""{"model":"mock/m","input":"Hello","background":true}""");
        var id = await RunIdAsync(gateway);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{id}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line && !line.Contains("text.delta", StringComparison.Ordinal))
        {
        }

        mayEnd.SetResult();
        Assert.Contains("run.completed", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_cancelled_from_another_instance()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        await using var two = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.Prefix = one.Prefix);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.ClientGone;
        });
        await one.CreateAsync("""{"model":"mock/m","input":"Hello","background":true}""");
        await upstream.RequestAsync(0);
        using var answer = await two.PostAsync($"/api/runs/{await RunIdAsync(two)}/cancel", "{}");
        Assert.Equal("cancelled", (await answer.ReadJsonAsync()).GetProperty("data").Status());
    }

    [Fact]
    [Trait("Feature", "R15")]
    public async Task An_interactive_run_is_cancelled_from_another_instance_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        await using var two = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.Prefix = one.Prefix);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.ClientGone;
        });
        var asked = one.PostResponseAsync("""{"model":"mock/m","input":"Hello","user":"u"}""");
        await upstream.RequestAsync(0);
        using var cancelled = await two.PostAsync($"/api/runs/{await RunIdAsync(two)}/cancel", "{}");
        Assert.Equal("cancelled", (await cancelled.ReadJsonAsync()).GetProperty("data").Status());
        using var answer = await asked;
        Assert.Equal("cancelled", (await answer.ReadJsonAsync()).Status());
    }

    [Theory]
    [InlineData("run_nothing")]
    [InlineData("run_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_unknown_run_is_404(string id)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.Client.GetAsync($"/api/runs/{id}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("RUN_NOT_FOUND", (await answer.ReadJsonAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1.2")]
    [InlineData("99999999999.00")]
    public async Task Only_the_gateway_itself_can_call_the_internal_path(string? ticket)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.PostAsync(
            "/internal/runs/ABC", "{}", r => r.Headers.TryAddWithoutValidation("x-openclaw-internal", ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<JsonElement> GetAsync(GatewayHost gateway, string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        return await answer.ReadJsonAsync();
    }

    /// <summary>The only run there is.</summary>
    private async Task<string> RunIdAsync(GatewayHost gateway)
    {
        var table = azurite.StorageAccount.Table(gateway.Prefix + "sessions");
        await foreach (var row in table.QueryAsync(
            new() { Filter = OpenClaw.Storage.Tables.TableQuery.Where($"RowKey ge {"run~"} and RowKey lt {"run~~"}") },
            TestContext.Current.CancellationToken))
        {
            return "run_" + row.PartitionKey + row.RowKey["run~".Length..];
        }

        throw new InvalidOperationException("No run is stored.");
    }
}
