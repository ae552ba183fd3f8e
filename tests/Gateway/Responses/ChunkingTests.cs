using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>However a provider cuts its answer, callers and the store see the same one.</summary>
public sealed partial class ChunkingTests(AzuriteFixture azurite)
{
    private const string Request =
        """{"model":"mock/test-model","stream":true,"tools":[{"type":"function","name":"look"},{"type":"function","name":"act"}],"input":"Hi"}""";

    [Fact]
    [Trait("Feature", "F67")]
    public async Task Any_cutting_of_one_answer_gives_the_same_stream_and_the_same_stored_response()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var seeds = ArbMap.Default.ArbFor<DoNotSize<int>>();
        Prop.ForAll(seeds, seed =>
        {
            var answer = Answer(new Random(seed.Item));
            var whole = RunAsync(upstream, gateway, answer, random: null).GetAwaiter().GetResult();
            var cut = RunAsync(upstream, gateway, answer, new Random(~seed.Item)).GetAwaiter().GetResult();
            Assert.Equal(whole, cut);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20261127, 1));
    }

    /// <summary>Reasoning, text and calls, some of each.</summary>
    private static List<(string Kind, string Text)> Answer(Random random)
    {
        var answer = new List<(string, string)>();
        if (random.Next(2) == 0)
        {
            answer.Add(("reasoning_content", Words(random)));
        }

        if (random.Next(4) > 0)
        {
            answer.Add(("content", Words(random)));
        }

        for (var calls = random.Next(3); calls > 0; calls--)
        {
            answer.Add((random.Next(2) == 0 ? "look" : "act", $$"""{"q":"{{Words(random)}}"}"""));
        }

        return answer.Count > 0 ? answer : [("content", "ok")];
    }

    private static string Words(Random random) =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, 6)).Select(
            _ => ((string[])["one", "zwölf", "三", "😀😀", "line\\nbreak"])[random.Next(5)]));

    /// <returns>All events, with neighbouring deltas joined, and the stored response; ids and times evened out.</returns>
    private static async Task<string> RunAsync(
        ScriptedUpstream upstream, GatewayHost gateway, List<(string Kind, string Text)> answer, Random? random)
    {
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            foreach (var bytes in CutBytes(Encoding.UTF8.GetBytes(Write(answer, random)), random))
            {
                await call.SendBytesAsync(bytes);
            }
        });
        var events = await gateway.StreamAsync(Request);
        var seen = new StringBuilder();
        var last = "";
        foreach (var next in events)
        {
            var isDelta = next.TryGetProperty("delta", out var delta);
            var head = isDelta ? $"{next.Type()} {next.GetProperty("output_index")} " : "";
            seen.Append(isDelta && head == last ? "" : "\n" + head).Append(isDelta ? delta.GetString() : WithoutNumber(next));
            last = head;
        }

        using var stored = await gateway.Client.GetAsync($"{ResponsesGateway.Path}/{events[^1].GetProperty("response").Id()}");
        seen.Append('\n').Append(await stored.Content.ReadAsStringAsync());
        return Times().Replace(Ids().Replace(seen.ToString(), "$1_"), "$1:0");
    }

    private static string WithoutNumber(JsonElement element)
    {
        var copy = JsonNode.Parse(element.GetRawText())!.AsObject();
        copy.Remove("sequence_number");
        return copy.ToJsonString();
    }

    /// <summary>The provider's stream: one chunk per item, or as many as chance will have it.</summary>
    private static string Write(List<(string Kind, string Text)> answer, Random? random)
    {
        var stream = new StringBuilder();
        var calls = 0;
        foreach (var (kind, text) in answer)
        {
            var isFirst = true;
            foreach (var piece in CutText(text, random))
            {
                var delta = new JsonObject();
                if (kind is "content" or "reasoning_content")
                {
                    delta[kind] = piece;
                }
                else
                {
                    var call = new JsonObject { ["index"] = calls, ["function"] = new JsonObject { ["arguments"] = piece } };
                    if (isFirst)
                    {
                        (call["id"], call["function"]!["name"]) = ($"call_{calls}", kind);
                    }

                    delta["tool_calls"] = new JsonArray(call);
                }

                isFirst = false;
                Append(new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta }) });
            }

            calls += kind is "look" or "act" ? 1 : 0;
        }

        Append(new JsonObject
        {
            ["choices"] = new JsonArray(
            new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = "stop" })
        });
        Append(new JsonObject
        {
            ["choices"] = new JsonArray(),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 3, ["completion_tokens"] = 4 }
        });
        return stream.Append("data: [DONE]\n\n").ToString();

        void Append(JsonObject chunk) => stream.Append("data: ").Append(chunk.ToJsonString()).Append("\n\n");
    }

    private static IEnumerable<string> CutText(string text, Random? random)
    {
        var rest = text.EnumerateRunes().Select(r => r.ToString()).ToList();
        while (rest.Count > 0)
        {
            var length = random?.Next(1, rest.Count + 1) ?? rest.Count;
            yield return string.Concat(rest.Take(length));
            rest.RemoveRange(0, length);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> CutBytes(ReadOnlyMemory<byte> bytes, Random? random)
    {
        while (bytes.Length > 0)
        {
            var length = Math.Min(bytes.Length, random?.Next(1, 200) ?? bytes.Length);
            yield return bytes[..length];
            bytes = bytes[length..];
        }
    }

    [GeneratedRegex(@"\b(resp|msg|fc|rs)_[A-Za-z0-9]+")]
    private static partial Regex Ids();

    [GeneratedRegex("""("(?:created|completed)_at"):\d+""")]
    private static partial Regex Times();
}
