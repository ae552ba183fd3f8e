using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

/// <summary>Runs in which the gateway makes calls itself, seen from the client and from the model.</summary>
[Trait("Feature", "F5")]
public sealed class ToolLoopTests(AzuriteFixture azurite)
{
    private const string Ask = """{"model":"mock/m","messages":[{"role":"user","content":"go"}]}""";

    [Fact]
    public async Task Calls_of_one_step_run_side_by_side_and_the_client_sees_only_words()
    {
        TaskCompletionSource first = new(), second = new();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("Looking.", ("a", """{"n":1}"""), ("b", "")));
        await using var gateway = await StartAsync(
            upstream, null,
            new TestTool("a", (_, _) => MeetAsync(first, second, "one")), new TestTool("b", (_, _) => MeetAsync(second, first, "two")));
        upstream.Next(call => call.CallAsync("Done."));

        using var answer = await gateway.PostChatAsync(Ask);
        var body = await answer.ReadJsonAsync();

        var choice = body.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.False(choice.GetProperty("message").TryGetProperty("tool_calls", out _));
        Assert.Equal("Looking.Done.", choice.GetProperty("message").GetProperty("content").GetString());
        var usage = body.GetProperty("usage");
        Assert.Equal((6, 4), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()));
        Assert.Equal("a b", upstream.Requests[0].Offered());
        Assert.Equal(["one", "two"], upstream.Requests[1].Results());

        static async Task<ToolResult> MeetAsync(TaskCompletionSource here, TaskCompletionSource there, string text)
        {
            here.SetResult();
            await there.Task;
            return ToolResult.Of(text);
        }
    }

    [Fact]
    public async Task A_stream_holds_the_words_of_all_steps_and_no_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("Looking.", ("a", "{}"))).Next(call => call.CallAsync("Done."));
        await using var gateway = await StartAsync(upstream, azurite, new TestTool("a"));

        var events = await gateway.StreamAsync("""{"model":"mock/m","input":"go","stream":true}""");

        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(
            [0, 1],
            events.Where(e => e.Type() == "response.output_item.added").Select(e => e.GetProperty("output_index").GetInt32()));
        Assert.DoesNotContain(events, e => e.GetRawText().Contains("function_call", StringComparison.Ordinal));
        var end = events[^1].GetProperty("response");
        var output = end.GetProperty("output");
        Assert.Equal(
            ["Looking.", "Done."],
            output.EnumerateArray().Select(i => i.GetProperty("content")[0].GetProperty("text").GetString()!));
        Assert.Equal(output.GetRawText(), (await gateway.GetResponseAsync(end.Id())).GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task The_next_turn_of_a_session_knows_calls_and_results()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("a", """{"n":7}"""))).Next(call => call.CallAsync("Done."));
        await using var gateway = await StartAsync(upstream, azurite, new TestTool("a"));

        await AskInSessionAsync(gateway);
        await AskInSessionAsync(gateway);

        var messages = upstream.Requests[2].Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString()!);
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], messages);
        Assert.Equal("done", Assert.Single(upstream.Requests[2].Results()));
    }

    [Fact]
    public async Task Failures_are_told_to_the_model_and_nothing_else_of_them()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("says", "{}"), ("breaks", "{}"), ("fine", "[1]"), ("fine", """{"a":"""), ("gone", "{}")))
            .Next(call => call.CallAsync("Sorry."));
        await using var gateway = await StartAsync(
            upstream, null, new TestTool("says", (_, _) => throw new ToolException("There is no file 'x'.")),
            new TestTool("breaks", (_, _) => throw new InvalidOperationException("secret detail")), new TestTool("fine"));

        using var answer = await gateway.PostChatAsync(Ask);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(
            [
                "Error: There is no file 'x'.", "Error: The tool 'breaks' failed.",
                "Error: The arguments must be a JSON object of at most 64 levels.",
                "Error: The arguments must be a JSON object of at most 64 levels.",
            ],
            upstream.Requests[1].Results());
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_cut_and_the_turn_goes_on()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("slow", "{}"))).Next(call => call.CallAsync("Sorry."));
        await using var gateway = await StartAsync(
            upstream, null, c => c.Tools = c.Tools with { TimeoutSeconds = 1 },
            new TestTool("slow", (_, _) => new TaskCompletionSource<ToolResult>().Task));

        using var answer = await gateway.PostChatAsync(Ask);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("Error: The tool 'slow' did not answer within 1 seconds.", Assert.Single(upstream.Requests[1].Results()));
    }

    [Fact]
    public async Task A_loop_without_end_ends_with_an_answer()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.Request.Body.TryGetProperty("tool_choice", out var choice) && choice.ValueKind == JsonValueKind.String
            && choice.GetString() == "none" ? call.CallAsync("Enough.") : call.CallAsync("", ("a", "{}")));
        await using var gateway = await StartAsync(upstream, null, c => c.Tools = c.Tools with { MaxSteps = 4 }, new TestTool("a"));

        using var answer = await gateway.PostChatAsync(Ask);

        Assert.Equal(
            "Enough.", (await answer.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(4, upstream.Requests.Count);
    }

    [Fact]
    public async Task The_model_gets_the_beginning_of_a_large_result_and_the_rest_is_a_file()
    {
        var large = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i:D6} "));
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("a", "{}"))).Next(call => call.CallAsync("Done."));
        await using var gateway = await StartAsync(
            upstream, azurite, new TestTool("a", (_, _) => Task.FromResult(ToolResult.Of(large))));

        using var answer = await gateway.PostChatAsync(Ask);

        var told = Assert.Single(upstream.Requests[1].Results());
        Assert.InRange(told.Length, 200_000, 201_000);
        Assert.StartsWith(large[..1_000], told, StringComparison.Ordinal);
        var id = told[told.IndexOf("media_", StringComparison.Ordinal)..].TrimEnd('.', ']');
        Assert.Equal(large, await gateway.Client.GetStringAsync($"/v1/files/{id}/content"));
    }

    [Fact]
    [Trait("Feature", "F53")]
    public async Task A_caller_with_tools_of_its_own_gets_none_of_the_gateways()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.CallAsync("Hi."));
        await using var gateway = await StartAsync(upstream, azurite, new TestTool("a"), new TestTool("b"));
        const string Mine = """{"type":"function","name":"mine","parameters":{"type":"object","properties":{}}}""";

        await gateway.CreateAsync($$"""{"model":"mock/m","input":"go","tools":[{{Mine}}]}""");
        await gateway.CreateAsync($$"""{"model":"mock/m","input":"go","tools":[{{Mine}},"b"]}""");
        await gateway.CreateAsync("""{"model":"mock/m","input":"go","tools":["a"]}""");
        await gateway.CreateAsync("""{"model":"mock/m","input":"go","tool_choice":"none"}""");
        using var messages = await gateway.PostAsync(
            "/v1/messages", """{"model":"mock/m","max_tokens":50,"messages":[{"role":"user","content":"go"}]}""");

        Assert.Equal(["mine", "mine b", "a", "", ""], upstream.Requests.Select(request => request.Offered()));
    }

    [Theory]
    [InlineData("""["nope"]""", "tools[0]")]
    [InlineData("""["a","b"]""", "tools[1]")]
    [Trait("Feature", "F54")]
    [Trait("Feature", "D15")]
    public async Task A_name_of_a_tool_that_is_unknown_or_denied_is_refused(string tools, string param)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, null, c => c.Tools = c.Tools with { Rules = new ToolRulesSection { Deny = ["b"] } }, new TestTool("a"),
            new TestTool("b"));

        using var answer = await gateway.PostResponseAsync($$"""{"model":"mock/m","input":"go","store":false,"tools":{{tools}}}""");

        var error = await answer.ReadErrorAsync();
        Assert.Equal(("unknown_tool", param), (error.Code, error.Param));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    [Trait("Feature", "F54")]
    public async Task In_a_mixed_turn_the_client_gets_its_call_and_the_model_all_results_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("a", "{}"), ("mine", """{"x":1}"""))).Next(call => call.CallAsync("Both."));
        await using var gateway = await StartAsync(upstream, azurite, new TestTool("a"));
        const string Tools = """["a",{"type":"function","name":"mine","parameters":{"type":"object","properties":{}}}]""";

        var first = await gateway.CreateAsync($$"""{"model":"mock/m","input":"go","tools":{{Tools}}}""");
        var call = Assert.Single(first.GetProperty("output").EnumerateArray().ToList());
        Assert.Equal(("function_call", "mine"), (call.Type(), call.GetProperty("name").GetString()));
        var second = await gateway.CreateAsync(
            $$"""
            {"model":"mock/m","previous_response_id":"{{first.Id()}}","tools":{{Tools}},
             "input":[{"type":"function_call_output","call_id":"c1","output":"from me"}]}
            """);

        Assert.Equal("Both.", second.Text());
        Assert.Equal(["done", "from me"], upstream.Requests[1].Results());
    }

    [Fact]
    public async Task A_picture_that_a_tool_gives_back_reaches_the_model()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("a", "{}"))).Next(call => call.CallAsync("I see."));
        await using var gateway = await StartAsync(
            upstream, null, new TestTool("a", (_, _) => Task.FromResult(new ToolResult(
                [new OpenClaw.Sessions.TextPart("a dot"), new OpenClaw.Sessions.ImagePart("data:image/png;base64,iVBORw0KGgo=")]))));

        using var answer = await gateway.PostChatAsync(Ask);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains("data:image/png;base64,iVBORw0KGgo=", upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task AskInSessionAsync(GatewayHost gateway)
    {
        using var answer = await gateway.PostChatAsync(Ask, request => request.Headers.Add("x-openclaw-session-key", "tools"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, AzuriteFixture? storage, params ITool[] tools) =>
        StartAsync(upstream, storage, null, tools);

    private static Task<GatewayHost> StartAsync(
        ScriptedUpstream upstream, AzuriteFixture? storage, Action<GatewayConfig>? configure,
        params ITool[] tools) => GatewayHost.StartAsync(
        storage?.StorageAccount,
        config =>
        {
            config.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            configure?.Invoke(config);
        },
        services => services.AddSingleton<IToolSource>(new TestTools(tools)));
}
