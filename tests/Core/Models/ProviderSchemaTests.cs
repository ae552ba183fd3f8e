using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Models;
using OpenClaw.Models.Anthropic;
using Xunit;
using static OpenClaw.Tests.Core.Models.CompletionsRequestTests;

namespace OpenClaw.Tests.Core.Models;

/// <summary>Schemas within the rules of each provider.</summary>
public class ProviderSchemaTests
{
    [Theory]
    [InlineData("{}", """{"type":"object","properties":{}}""")]
    [InlineData("""{"properties":{"a":{}}}""", """{"properties":{"a":{}},"type":"object"}""")]
    [InlineData("""{"type":"object"}""", """{"type":"object","properties":{}}""")]
    [InlineData("""{"type":["object","null"],"properties":{}}""", """{"type":"object","properties":{}}""")]
    [InlineData("""{"type":"object","properties":{"a":1}}""", """{"type":"object","properties":{"a":1}}""")]
    public void The_parameters_of_a_tool_are_an_object(string schema, string expected) =>
        AssertJson(expected, ToolSchema.Complete(JsonElement.Parse(schema)));

    [Fact]
    public void A_field_that_stands_twice_counts_once() => AssertJson(
        """{"type":"object","properties":{}}""",
        ToolSchema.Complete(JsonElement.Parse("""{"type":"string","type":"object"}""")));

    [Fact]
    public void Alternatives_at_the_top_become_optional_properties() => AssertJson(
        """
        {"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"},"c":{}},"required":["a","c"]}
        """,
        ToolSchema.Flatten(JsonElement.Parse("""
            {"properties":{"a":{"type":"string"}},"required":["a"],"allOf":[{"properties":{"c":{}},"required":["c"]}],
             "anyOf":[{"properties":{"b":{"type":"number"}},"required":["b"]},{"properties":{"a":{}}}]}
            """)));

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{}},"required":["a"]}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{}}}""", false)]
    [InlineData("""{"type":"object","properties":{},"additionalProperties":{"type":"string"}}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"b":{}}}}},"required":["a"]}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"required":["a"],"$defs":{"x":{"type":"object","properties":{"b":{}}}}}""", false)]
    public void Strict_is_asked_of_OpenAI_where_the_schema_fits(string schema, bool fits)
    {
        var (sent, strict) = StrictSchema.Fit(JsonElement.Parse(schema), true, isChecked: true);

        Assert.Equal(fits, strict);
        Assert.Equal(fits, sent.TryGetProperty("additionalProperties", out var open) && open.ValueKind == JsonValueKind.False);
        AssertJson(schema, StrictSchema.Fit(JsonElement.Parse(schema), true, isChecked: false).Schema); // others take it as it is
    }

    [Fact]
    public void Claude_gets_closed_objects_and_limits_in_words() => AssertJson(
        """
        {"type":"object","additionalProperties":false,"properties":{
          "n":{"type":"number","description":"how many\n{minimum: 1, maximum: 9}"},
          "list":{"type":"array","items":{"type":"object","properties":{},"additionalProperties":false},"description":"{maxItems: 3, minItems: 2}"},
          "when":{"type":"string","format":"date"},"re":{"type":"string","description":"{format: regex}"},
          "one":{"anyOf":[{"type":"string"},{"$ref":"#/$defs/x"}]}},
         "$defs":{"x":{"type":"object","properties":{},"additionalProperties":false}}}
        """,
        ClaudeSchema.Fit(JsonElement.Parse("""
            {"type":"object","properties":{
              "n":{"type":"number","minimum":1,"maximum":9,"description":"how many"},
              "list":{"type":"array","minItems":2,"maxItems":3,"items":{"type":"object","properties":{}}},
              "when":{"type":"string","format":"date"},"re":{"type":"string","format":"regex"},
              "one":{"oneOf":[{"type":"string"},{"$ref":"#/$defs/x"}]}},
             "$defs":{"x":{"type":"object","properties":{}}}}
            """))!.Value);

    [Theory]
    [InlineData("""{"type":"object","properties":{},"additionalProperties":true}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","additionalProperties":{"type":"string"}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"other.json"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"not":{"type":"string"}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":[{"b":1}]}}}""")]
    [InlineData("true")]
    public void Claude_is_asked_in_words_for_what_it_cannot_enforce(string schema) =>
        Assert.Null(ClaudeSchema.Fit(JsonElement.Parse(schema)));

    [Fact]
    public void A_property_may_have_the_name_of_a_keyword() =>
        Assert.NotNull(ClaudeSchema.Fit(JsonElement.Parse(
            """{"type":"object","properties":{"not":{"type":"string"},"maximum":{"type":"number"}}}""")));

    [Fact]
    public void References_that_meet_in_one_place_are_followed_once()
    {
        // Without a memory the last definition would be visited 2^40 times.
        var definitions = new JsonObject { ["d40"] = new JsonObject { ["type"] = "string" } };
        for (var i = 0; i < 40; i++)
        {
            var next = $$"""{"anyOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}""";
            definitions[$"d{i}"] = JsonNode.Parse(next);
        }

        var schema = new JsonObject { ["$ref"] = "#/$defs/d0", ["$defs"] = definitions };
        Assert.NotNull(ClaudeSchema.Fit(JsonElement.Parse(schema.ToJsonString())));
    }
}
