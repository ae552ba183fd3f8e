using System.Text.Json.Nodes;
using Xunit;

namespace OpenClaw.Tests.Gateway.RequestFields;

/// <summary>Each field of a request is treated as the tables of <c>docs/request-fields.md</c> say, by each provider API.</summary>
public sealed class RequestFieldTests(FieldProviders providers) : IClassFixture<FieldProviders>
{
    public static TheoryData<string, string> Fields => [.. FieldTable.Rows.Select(r => (r.Surface, r.Field))];

    public static TheoryData<string, string> Refusable =>
        [.. FieldTable.Rows.Where(r => r.Rules.Values.Any(f => f.Fate == FieldFate.Refused)).Select(r => (r.Surface, r.Field))];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_field_is_treated_as_the_table_says(string surface, string field)
    {
        var sample = FieldSamples.Find(surface, field);
        Assert.True(sample is not null, $"There is no sample for '{field}' of {surface}.");
        foreach (var (api, rule) in FieldTable.Rows.Single(r => r.Surface == surface && r.Field == field).Rules)
        {
            try
            {
                await CheckAsync(surface, field, api, rule, sample);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{surface}, '{field}', {api}: {failure.Message}", failure);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Refusable))]
    public async Task A_value_that_asks_for_nothing_is_never_refused_and_changes_nothing(string surface, string field)
    {
        var sample = FieldSamples.Find(surface, field)!;
        foreach (var api in FieldProviders.Apis)
        {
            var before = await SendAsync(surface, api, []);
            foreach (var value in sample.Neutral.Select(v => JsonNode.Parse(v)).Prepend(null))
            {
                var answer = await SendAsync(surface, api, [(field, value)]);
                Assert.True(answer.Status == 200, $"{api}, {value?.ToJsonString() ?? "null"}: {answer.Text}");
                Assert.Equal(before.Said(), answer.Said());
            }
        }
    }

    [Theory]
    [InlineData("custom")]
    [InlineData("web_search")]
    [InlineData("file_search")]
    [InlineData("computer_use_preview")]
    [InlineData("mcp")]
    [InlineData("code_interpreter")]
    [InlineData("image_generation")]
    [InlineData("local_shell")]
    [InlineData("shell")]
    [InlineData("apply_patch")]
    [InlineData("namespace")]
    [InlineData("tool_search")]
    public async Task Tools_that_are_no_functions_are_refused_by_name(string type)
    {
        var tools = JsonNode.Parse($$"""[{"type":"{{type}}","name":"x"}]""");
        var chat = await SendAsync(FieldTable.Chat, FieldProviders.Echo, [("tools", tools)]);
        var response = await SendAsync(FieldTable.Responses, FieldProviders.Echo, [("tools", tools)]);
        Assert.Equal((400, "tools[0].type"), (chat.Status, (string?)chat.Json["error"]!["param"]));
        Assert.Equal((400, "tools[0].type"), (response.Status, (string?)response.Json["error"]!["param"]));
        Assert.Contains(type, response.Text, StringComparison.Ordinal);
    }

    private async Task CheckAsync(string surface, string field, string api, FieldRule rule, FieldSample sample)
    {
        if (rule.Fate == FieldFate.Gateway)
        {
            await new GatewayFieldChecks(providers).CheckAsync(surface, field, api);
            return;
        }

        var value = JsonNode.Parse(sample.Value);
        var answer = await SendAsync(surface, api, [.. sample.WithNodes, (field, value)]);
        if (rule.Fate == FieldFate.Refused)
        {
            CheckRefusal(answer, rule.Names[0], sample.Param ?? field);
            return;
        }

        Assert.True(answer.Status == 200 || (string?)answer.Json["error"]?["code"] == sample.Fails, answer.Text);
        var before = await SendAsync(surface, api, sample.WithNodes);
        switch (rule.Fate)
        {
            case FieldFate.Passed:
                var found = FieldProviders.Get(answer.Body, field);
                Assert.True(JsonNode.DeepEquals(value, found), $"sent as {found?.ToJsonString() ?? "nothing"}");
                break;
            case FieldFate.Translated:
                Assert.True(
                    rule.Names.Any(n => FieldProviders.Get(answer.Body, n) is { } sent
                        && !JsonNode.DeepEquals(sent, FieldProviders.Get(before.Body, n))),
                    $"not in {answer.Body.ToJsonString()}");
                break;
            case FieldFate.Used:
                Assert.NotEqual(before.Said(), answer.Said());
                break;
            case FieldFate.NoEffect when api == FieldProviders.Echo:
                Assert.Equal(before.Said(), answer.Said());
                break;
            case FieldFate.NoEffect:
                Assert.Equal(before.Body.ToJsonString(), answer.Body.ToJsonString());
                break;
        }
    }

    private static void CheckRefusal(FieldAnswer answer, string code, string param)
    {
        Assert.True(answer.Status == 400, $"{answer.Status} {answer.Text}");
        var error = answer.Json["error"]!;
        Assert.Equal(code, (string?)(error["code"] ?? error["details"]!["error_code"]));
        Assert.Empty(answer.Sent);
        if (error["details"] is null)
        {
            Assert.Equal(param, (string?)error["param"]);
        }

        Assert.Contains($"'{param}'", (string?)error["message"], StringComparison.Ordinal);
    }

    private Task<FieldAnswer> SendAsync(string surface, string api, (string Path, JsonNode? Value)[] set) =>
        providers.SendAsync(surface, api, set);
}
