using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenClaw.Tests.Conformance;

/// <summary>The judge is judged first: what it must refuse, it refuses.</summary>
public class ResponseSchemaTests
{
    // The suite's own fixture of a response with phases is local as well.
    private const string Fixture = """
        {"id":"resp_1","object":"response","created_at":1,"completed_at":2,"status":"completed","incomplete_details":null,"model":"m",
         "previous_response_id":null,"instructions":null,"error":null,"tools":[],"tool_choice":"auto","truncation":"disabled",
         "parallel_tool_calls":true,"text":{"format":{"type":"text"}},"top_p":1,"temperature":1,"presence_penalty":0,"frequency_penalty":0,
         "top_logprobs":0,"reasoning":null,"usage":null,"max_output_tokens":null,"max_tool_calls":null,"store":true,"background":false,
         "service_tier":"default","metadata":{},"safety_identifier":null,"prompt_cache_key":null,
         "output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","phase":"commentary",
           "content":[{"type":"output_text","text":"Hi","annotations":[]}]}]}
        """;

    [Fact]
    public void The_tables_hold_31_required_keys_and_24_event_types()
    {
        Assert.Equal(31, ResponseSchema.RequiredKeys("response").Count());
        Assert.Equal(24, ResponseSchema.EventTypes);
    }

    [Fact]
    public void Response_output_phase_schema_accepts_the_fixture_and_refuses_it_without_any_required_key()
    {
        Assert.Empty(ResponseSchema.Check(JsonElement.Parse(Fixture), "response"));
        foreach (var key in ResponseSchema.RequiredKeys("response"))
        {
            Assert.NotEmpty(Change(o => o.Remove(key)));
        }

        foreach (var key in ResponseSchema.NonNullKeys("response"))
        {
            Assert.NotEmpty(Change(o => o[key] = null));
        }
    }

    [Fact]
    public void Optional_keys_that_are_null_are_refused()
    {
        Assert.NotEmpty(Change(o => o["text"]!["verbosity"] = null));
        Assert.NotEmpty(Change(o => o["output"]![0]!["phase"] = null));
        Assert.NotEmpty(Change(o => o["output"]![0]!["content"]![0]!.AsObject().Remove("annotations")));
        Assert.NotEmpty(Change(
            o => o["tools"] = new JsonArray(
            new JsonObject { ["type"] = "function", ["name"] = "f", ["description"] = null, ["parameters"] = null })));
    }

    [Fact]
    public void An_event_of_another_type_or_without_a_number_is_refused()
    {
        Assert.NotEmpty(ResponseSchema.CheckEvent(JsonElement.Parse("""{"type":"openclaw:extra","sequence_number":0}""")));
        Assert.NotEmpty(ResponseSchema.CheckEvent(JsonElement.Parse("""{"type":"response.output_item.done","output_index":0,"item":{"type":"compaction","id":"c","encrypted_content":"x"}}""")));
    }

    [Fact]
    public void A_stream_that_falls_into_a_trap_of_the_parser_loses_its_events()
    {
        const string data = "{\"type\":\"response.output_text.delta\",\"sequence_number\":0,\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"x\"}";
        Assert.Single(Read($"event: response.output_text.delta\ndata: {data}\n\n"));
        Assert.Empty(Read($"event: response.output_text.delta\r\ndata: {data}\r\n\r\n"));
        Assert.Empty(Read($"event: response.output_text.delta\ndata: {data}\n", "\n"));

        static IReadOnlyList<JsonElement> Read(params string[] chunks)
        {
            var stream = new SuiteStream();
            foreach (var chunk in chunks)
            {
                stream.AddChunk(chunk);
            }

            return stream.Events;
        }
    }

    private static List<string> Change(Action<JsonObject> change)
    {
        var copy = JsonNode.Parse(Fixture)!.AsObject();
        change(copy);
        return ResponseSchema.Check(JsonElement.Parse(copy.ToJsonString()), "response");
    }
}
