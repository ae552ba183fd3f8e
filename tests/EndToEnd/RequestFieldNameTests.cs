using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using OpenClaw.Gateway.ChatCompletions;
using OpenClaw.Gateway.Messages;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Tests.Gateway.RequestFields;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The tables of <c>docs/request-fields.md</c> have each field that the unmodified SDKs can send, and no other.</summary>
public sealed partial class RequestFieldNameTests
{
    private const string OpenAI = "openai/resources";
    private const string Anthropic = "@anthropic-ai/sdk/resources";

    /// <summary>The types of the SDKs: by surface, file, interface, and the field that holds it.</summary>
    private static readonly (string Surface, string File, string Interface, string Prefix)[] Types =
    [
        (FieldTable.Chat, $"{OpenAI}/chat/completions/completions.d.ts", "ChatCompletionCreateParamsBase", ""),
        (FieldTable.Chat, $"{OpenAI}/chat/completions/completions.d.ts", "ChatCompletionStreamOptions", "stream_options."),
        (FieldTable.Responses, $"{OpenAI}/responses/responses.d.ts", "ResponseCreateParamsBase", ""),
        (FieldTable.Responses, $"{OpenAI}/responses/responses.d.ts", "StreamOptions", "stream_options."),
        (FieldTable.Responses, $"{OpenAI}/responses/responses.d.ts", "ResponseTextConfig", "text."),
        (FieldTable.Responses, $"{OpenAI}/shared.d.ts", "Reasoning", "reasoning."),
        (FieldTable.Messages, $"{Anthropic}/messages/messages.d.ts", "MessageCreateParamsBase", ""),
        (FieldTable.Messages, $"{Anthropic}/messages/messages.d.ts", "OutputConfig", "output_config."),
        (FieldTable.Messages, $"{Anthropic}/messages/messages.d.ts", "Metadata", "metadata."),
        (FieldTable.Messages, $"{Anthropic}/beta/messages/messages.d.ts", "MessageCreateParamsBase", ""),
        (FieldTable.Messages, $"{Anthropic}/beta/messages/messages.d.ts", "BetaOutputConfig", "output_config."),
    ];

    /// <summary>Fields of the tables that these SDKs lack: older ones and other servers have them.</summary>
    private static readonly string[] Extras =
    [
        $"{FieldTable.Chat}: top_k", $"{FieldTable.Responses}: presence_penalty", $"{FieldTable.Responses}: frequency_penalty",
        $"{FieldTable.Messages}: temperature", $"{FieldTable.Messages}: top_p", $"{FieldTable.Messages}: top_k",
    ];

    [Fact]
    public async Task Each_field_of_the_SDKs_is_in_the_tables()
    {
        var sent = await ReadAsync();
        Assert.All(FieldTable.Surfaces, surface => Assert.True(sent[surface].Count > 15, $"The types of {surface} are not found."));
        Assert.Empty(FieldTable.Surfaces.SelectMany(
            surface => sent[surface].Where(name => !IsInTable(surface, name)).Select(name => $"{surface}: {name}")));
    }

    [Fact]
    public async Task Each_field_of_the_tables_is_one_of_the_SDKs_or_known_to_be_none()
    {
        var sent = await ReadAsync();
        Assert.Equal(
            Extras,
            FieldTable.Rows.Where(row => !sent[row.Surface].Contains(row.Field)).Select(row => $"{row.Surface}: {row.Field}"));
    }

    [Fact]
    public void Each_field_that_the_gateway_reads_is_in_the_tables()
    {
        (string Surface, JsonTypeInfo Type)[] records =
        [
            (FieldTable.Chat, ChatJson.Default.ChatCompletionRequest),
            (FieldTable.Responses, ResponsesJson.Default.CreateResponseRequest),
            (FieldTable.Messages, MessagesJson.Default.MessageRequest),
        ];
        Assert.Empty(
            from record in records
            from property in record.Type.Properties
            where property.Set is not null && !property.IsExtensionData && !IsInTable(record.Surface, property.Name)
            select $"{record.Surface}: {property.Name}");
    }

    /// <summary>A field is in the table itself, or its own fields are.</summary>
    private static bool IsInTable(string surface, string name) => FieldTable.Rows.Any(
        row => row.Surface == surface && (row.Field == name || row.Field.StartsWith(name + ".", StringComparison.Ordinal)));

    private static async Task<Dictionary<string, HashSet<string>>> ReadAsync()
    {
        await NodeClient.InstallAsync(TestContext.Current.CancellationToken);
        return Types.GroupBy(t => t.Surface).ToDictionary(
            group => group.Key, group => group.SelectMany(t => Read(t.File, t.Interface).Select(name => t.Prefix + name)).ToHashSet());
    }

    /// <summary>The names of the fields of an interface that go into the body.</summary>
    private static IEnumerable<string> Read(string file, string name)
    {
        var text = File.ReadAllText(Path.Combine(NodeClient.Folder, "node_modules", file));
        var body = Regex.Match(text, $@"\n( *)(?:export )?interface {name} \{{\n(.*?)\n\1\}}", RegexOptions.Singleline);
        Assert.True(body.Success, $"{file} has no interface {name}.");
        var comment = "";
        foreach (var line in body.Groups[2].Value.Split('\n').Select(l => l[Math.Min(body.Groups[1].Length, l.Length)..]))
        {
            comment = line.TrimStart().StartsWith("/**", StringComparison.Ordinal) ? "" : comment;
            if (FieldOfInterface().Match(line) is { Success: true } field)
            {
                if (!comment.Contains("Header param:", StringComparison.Ordinal))
                {
                    yield return field.Groups[1].Value;
                }
            }
            else
            {
                comment += line;
            }
        }
    }

    [GeneratedRegex(@"^    (\w+)\??: ")]
    private static partial Regex FieldOfInterface();
}
