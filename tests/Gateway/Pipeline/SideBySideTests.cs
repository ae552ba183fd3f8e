using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>Calls that a provider writes side by side reach callers one after the other.</summary>
[Trait("Feature", "F53")]
public class SideBySideTests
{
    private const string Request = """
        "model":"mock/test-model","max_tokens":100,"messages":[{"role":"user","content":"hi"}]
        """;

    [Fact]
    public async Task Calls_in_turns_keep_their_own_arguments()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]";

        using var whole = await gateway.PostChatAsync($"{{{Request},{Tools}}}");
        using var streamed = await gateway.PostChatAsync($"{{{Request},{Tools},\"stream\":true}}");

        var calls = (await whole.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls");
        Assert.Equal(
            [("call_a", "f", "{\"city\":\"Oslo\"}"), ("call_b", "g", "{\"city\":\"Rome\"}")],
            calls.EnumerateArray().Select(call => (
                call.GetProperty("id").GetString()!, call.GetProperty("function").GetProperty("name").GetString()!,
                call.GetProperty("function").GetProperty("arguments").GetString()!)));
        var pieces = (await streamed.ReadEventsAsync())[..^1].Select(data => JsonElement.Parse(data).GetProperty("choices")[0])
            .Where(choice => choice.GetProperty("delta").TryGetProperty("tool_calls", out _))
            .Select(choice => choice.GetProperty("delta").GetProperty("tool_calls")[0])
            .GroupBy(call => call.GetProperty("index").GetInt32())
            .Select(call => string.Concat(call.Select(piece => piece.GetProperty("function").GetProperty("arguments").GetString())));
        Assert.Equal(["{\"city\":\"Oslo\"}", "{\"city\":\"Rome\"}"], pieces);
    }

    [Fact]
    public async Task A_message_has_one_open_block_at_a_time()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        const string Tools = "\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}},{\"name\":\"g\",\"input_schema\":{\"type\":\"object\"}}]";

        using var streamed = await gateway.PostAsync("/v1/messages", $"{{{Request},{Tools},\"stream\":true}}");

        int? open = null;
        var inputs = new SortedDictionary<int, string>();
        foreach (var data in (await streamed.ReadEventsAsync()).Select(data => JsonElement.Parse(data)).Where(data => data.TryGetProperty("index", out _)))
        {
            var index = data.GetProperty("index").GetInt32();
            switch (data.GetProperty("type").GetString())
            {
                case "content_block_start":
                    Assert.Null(open);
                    (open, inputs[index]) = (index, "");
                    break;
                case "content_block_delta":
                    Assert.Equal(open, index);
                    inputs[index] += data.GetProperty("delta").GetProperty("partial_json").GetString();
                    break;
                default:
                    Assert.Equal(open, index);
                    open = null;
                    break;
            }
        }

        Assert.Equal(["{\"city\":\"Oslo\"}", "{\"city\":\"Rome\"}"], inputs.Values);
    }

    [Fact]
    public async Task A_call_that_was_cut_before_its_arguments_is_not_shown_with_an_empty_object()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "f", "");
        });
        const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";

        using var streamed = await gateway.PostChatAsync($"{{{Request},{Tools},\"stream\":true}}");

        var events = await streamed.Content.ReadAsStringAsync();
        Assert.Contains("upstream_interrupted", events, StringComparison.Ordinal);
        Assert.DoesNotContain("\"arguments\":\"{}\"", events, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream)
    {
        upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "f", "");
            await call.SendCallAsync(1, "call_b", "g", "");
            await call.SendCallAsync(0, null, null, "{\"city\":");
            await call.SendCallAsync(1, null, null, "{\"city\":\"Ro");
            await call.SendCallAsync(0, null, null, "\"Oslo\"}");
            await call.SendCallAsync(1, null, null, "me\"}");
            await call.FinishAsync("tool_calls");
        });
        return GatewayHost.StartAsync(configure: config =>
            config.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() });
    }
}
