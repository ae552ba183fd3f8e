using System.Net;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Responses;

public class BackgroundTests(AzuriteFixture azurite)
{
    private const string Hello = """{"model":"mock/m","input":"Hello","background":true}""";

    [Fact]
    [Trait("Feature", "D4")]
    public async Task A_background_response_returns_at_once_and_is_polled_to_its_end()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var mayAnswer = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await mayAnswer.Task;
            await call.StreamTextAsync("Hi there");
        });

        var accepted = await gateway.CreateAsync(Hello);
        Assert.Equal("queued", accepted.Status());
        Assert.True(accepted.GetProperty("background").GetBoolean());
        await upstream.RequestAsync(0);
        Assert.Equal("in_progress", (await gateway.GetResponseAsync(accepted.Id())).Status());
        mayAnswer.SetResult();

        var done = (await StreamAsync(gateway, accepted.Id(), "")).Last().GetProperty("response");
        Assert.Equal(("completed", "Hi there"), (done.Status(), done.Text()));
        Assert.Equal(done.GetRawText(), (await gateway.GetResponseAsync(accepted.Id())).GetRawText());
        var next = await gateway.CreateAsync($$"""{"model":"mock/m","input":"And?","previous_response_id":"{{accepted.Id()}}"}""");
        Assert.Equal("completed", next.Status());
        Assert.Equal(3, upstream.Requests[1].Body.GetProperty("messages").GetArrayLength());
    }

    [Theory]
    [InlineData("""  "prompt":{"id":"pmpt_1"}  """, "prompt")]
    [InlineData("""  "model":"openai/gpt-5","temperature":0.5  """, "temperature")]
    [InlineData("""  "model":"claude/claude-opus-4-6","presence_penalty":0.5  """, "presence_penalty")]
    [InlineData("""  "model":"echo/e","top_logprobs":3  """, "top_logprobs")]
    [Trait("Feature", "D4")]
    public async Task What_the_model_cannot_do_is_refused_before_the_response_is_accepted(string fields, string param)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(
            upstream, azurite.StorageAccount, c => c.Models.Providers = new Dictionary<string, ProviderSection>
            {
                ["mock"] = upstream.ProviderConfig(),
                ["openai"] = upstream.ProviderConfig("openai-responses"),
                ["claude"] = upstream.ProviderConfig("anthropic-messages"),
                ["echo"] = new() { Api = "echo", Models = [new() { Id = "e" }] },
            });
        var model = fields.Contains("\"model\"", StringComparison.Ordinal) ? "" : "\"model\":\"mock/m\",";
        using var answer = await gateway.PostResponseAsync($$"""{ {{model}}"input":"Hello","background":true,{{fields}} }""");
        var error = await answer.ReadErrorAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "unsupported_parameter", param), (answer.StatusCode, error.Code, error.Param));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_background_stream_can_be_left_and_taken_up_again_at_any_event()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var mayEnd = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("one ");
            await mayEnd.Task;
            await call.SendDeltaAsync("two");
            await call.FinishAsync();
        });

        string id;
        using (var answer = await gateway.PostResponseAsync(
            Hello.Replace("\"background\"", "\"stream\":true,\"background\""), stream: true))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            var seen = "";
            while (!seen.Contains("one ", StringComparison.Ordinal))
            {
                seen += await reader.ReadLineAsync() + "\n";
            }

            Assert.Contains("response.queued", seen, StringComparison.Ordinal);
            id = seen.Split("\"id\":\"")[1].Split('"')[0];
        }

        mayEnd.SetResult();
        var all = await StreamAsync(gateway, id, "");
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(["response.created", "response.queued", "response.in_progress"], all.Take(3).Select(e => e.Type()));
        Assert.Equal("response.completed", all[^1].Type());
        for (var after = 0; after < all.Count; after++)
        {
            var rest = await StreamAsync(gateway, id, $"&starting_after={after}");
            Assert.Equal(all.Skip(after + 1).Select(e => e.GetRawText()), rest.Select(e => e.GetRawText()));
        }
    }

    [Fact]
    public async Task A_finished_foreground_response_can_be_streamed_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var made = await gateway.CreateAsync("""{"model":"mock/m","input":"Hello"}""");
        var events = await StreamAsync(gateway, made.Id(), "");

        Assert.Equal("response.created", events[0].Type());
        Assert.Equal(made.GetRawText(), events[^1].GetProperty("response").GetRawText());
        Assert.Equal(made.Text(), string.Concat(
            events.Where(e => e.Type() == "response.output_text.delta").Select(e => e.GetProperty("delta").GetString())));
    }

    [Fact]
    public async Task Cancelling_stops_the_provider_and_the_response_says_so()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var gone = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half an ");
            await call.ClientGone;
            gone.SetResult();
        });

        var accepted = await gateway.CreateAsync(Hello);
        await upstream.RequestAsync(0);
        using var answer = await gateway.PostAsync($"/v1/responses/{accepted.Id()}/cancel", "{}");
        var cancelled = await answer.ReadJsonAsync();
        await gone.Task;

        Assert.Equal("cancelled", cancelled.Status());
        using var again = await gateway.PostAsync($"/v1/responses/{accepted.Id()}/cancel", "{}");
        Assert.Equal("cancelled", (await again.ReadJsonAsync()).Status());
        Assert.Equal("cancelled", (await StreamAsync(gateway, accepted.Id(), "")).Last().GetProperty("response").Status());
    }

    [Fact]
    public async Task A_queued_run_is_cancelled_without_a_model_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var mayAnswer = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await mayAnswer.Task;
            await call.StreamTextAsync("first");
        });
        var body = Hello.Replace("\"background\"", "\"user\":\"u\",\"background\"");
        var first = await gateway.CreateAsync(body);
        await upstream.RequestAsync(0);
        var second = await gateway.CreateAsync(body);
        using var answer = await gateway.PostAsync($"/v1/responses/{second.Id()}/cancel", "{}");

        Assert.Equal("cancelled", (await answer.ReadJsonAsync()).Status());
        mayAnswer.SetResult();
        Assert.Equal("completed", (await StreamAsync(gateway, first.Id(), "")).Last().GetProperty("response").Status());
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_failing_provider_fails_the_response_and_not_the_request()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        upstream.NextStatus(400, """{"error":{"message":"no","code":"bad"}}""");
        var accepted = await gateway.CreateAsync(Hello);
        var end = (await StreamAsync(gateway, accepted.Id(), "")).Last();

        Assert.Equal("response.failed", end.Type());
        Assert.Equal("failed", (await gateway.GetResponseAsync(accepted.Id())).Status());
    }

    [Theory]
    [InlineData("""{"input":"x","background":true,"store":false}""", "background")]
    [InlineData("""{"background":true}""", "input")]
    public async Task A_background_request_that_cannot_run_is_refused_at_once(string body, string param)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.PostResponseAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(param, (await answer.ReadErrorAsync()).Param);
    }

    [Fact]
    public async Task A_response_under_way_cannot_be_continued_and_deleting_it_ends_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        upstream.Next(call => call.ClientGone);
        var accepted = await gateway.CreateAsync(Hello);
        await upstream.RequestAsync(0);
        using var early = await gateway.PostResponseAsync($$"""{"input":"x","previous_response_id":"{{accepted.Id()}}"}""");
        Assert.Equal("previous_response_not_completed", (await early.ReadErrorAsync()).Code);
        using var deleted = await gateway.Client.DeleteAsync($"/v1/responses/{accepted.Id()}");
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        using var gone = await gateway.Client.GetAsync($"/v1/responses/{accepted.Id()}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private static async Task<List<JsonElement>> StreamAsync(GatewayHost gateway, string id, string query) =>
        ResponsesGateway.Events(await gateway.Client.GetStringAsync($"/v1/responses/{id}?stream=true{query}"));
}
