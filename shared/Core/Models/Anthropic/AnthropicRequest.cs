using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Fields;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// Writes a Messages request. System and developer messages, at any position, become the system prompt. A reasoning effort becomes
/// thinking: a budget of tokens up to Claude 4.5, adaptive from 4.6 on. A JSON schema is enforced by models that can
/// (Claude 4.5 and later), as far as <see cref="ClaudeSchema"/> can say it. Otherwise the system prompt asks for it.
/// Fields that this API lacks: <see cref="AnthropicFields"/>. Source: Claude API reference, "Create a Message".
/// </summary>
internal static class AnthropicRequest
{
    private const int LeastBudget = 1024;

    /// <param name="maxTokens">The configured limit of the model; the caller's own limit comes first.</param>
    public static void Write(
        IBufferWriter<byte> output, string model, IEnumerable<ChatMessage> messages, ChatOptions? options, int? maxTokens,
        CompatSection compat)
    {
        AnthropicFields.Check(options);
        var claude = ClaudeModel.Parse(model);
        var history = new AnthropicMessages(messages, claude);
        var shape = ShapeOf(claude, options, compat);
        var limit = options?.MaxOutputTokens ?? maxTokens ?? claude.DefaultMaxTokens;
        using var json = ModelJson.CreateWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteNumber("max_tokens"u8, limit);
        json.WriteBoolean("stream"u8, true);
        WriteSystem(json, shape, history, options);
        history.Write(json);
        if (options is not null)
        {
            var isThinking = WriteThinking(json, claude, history, options, limit);
            AnthropicFields.WriteSampling(json, claude, options, isThinking, compat.SupportsTemperature);
            WriteStops(json, options);
            WriteTools(json, claude.HasStructuredOutput && compat.SupportsStrictMode != false, options);
            WriteOutputConfig(json, claude, shape, options);
            AnthropicFields.Write(json, options);
        }

        json.WriteEndObject();
    }

    /// <summary>The schema that the model can enforce; null without one.</summary>
    private static JsonElement? ShapeOf(ClaudeModel claude, ChatOptions? options, CompatSection compat) =>
        claude.HasStructuredOutput && compat.SupportsStrictMode != false
            && options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema }
            ? ClaudeSchema.Fit(schema)
            : null;

    /// <param name="shape">The schema that is enforced. Any other is asked for in words.</param>
    private static void WriteSystem(Utf8JsonWriter json, JsonElement? shape, AnthropicMessages history, ChatOptions? options)
    {
        var texts = history.System.Prepend(options?.Instructions ?? "").ToList();
        if (options?.ResponseFormat is ChatResponseFormatJson format && shape is null)
        {
            texts.Add(format.Schema is { } schema
                ? $"Answer with JSON that matches this JSON Schema, and with nothing else:\n{schema.GetRawText()}"
                : "Answer with one JSON object, and with nothing else.");
        }

        texts.RemoveAll(string.IsNullOrWhiteSpace);
        if (texts.Count > 0)
        {
            json.WriteString("system"u8, string.Join("\n\n", texts));
        }
    }

    private static bool WriteThinking(Utf8JsonWriter json, ClaudeModel claude, AnthropicMessages history, ChatOptions options, int limit)
    {
        // The API refuses thinking together with a forced call.
        if (EffortOf(claude, options) is not { } effort || options.ToolMode is RequiredChatToolMode || !MayThink(options))
        {
            return false;
        }

        if (claude.ThinksAsItSeesFit)
        {
            json.WriteStartObject("thinking"u8);
            json.WriteString("type"u8, "adaptive"u8);
            json.WriteString("display"u8, "summarized"u8);
            json.WriteEndObject();
            return true;
        }

        var budget = Math.Min(limit / 2, effort switch { "low" => 2048, "medium" => 8192, "high" => 16_384, _ => 32_768 });
        if (!claude.HasThinkingBudget || budget < LeastBudget || history.ContinuesWithoutThinking || history.EndsInAnswer)
        {
            return false;
        }

        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, "enabled"u8);
        json.WriteNumber("budget_tokens"u8, budget);
        json.WriteEndObject();
        return true;
    }

    // What the request asks for comes before the thinking of the session's settings, where the two do not go together.
    private static bool MayThink(ChatOptions options) => options is not ModelOptions more || (!more.IsEffortOfAnswer
        && (more.IsEffortAsked || (more.Asked(FieldName.Temperature) ?? more.Asked(FieldName.TopK) ?? more.Asked(FieldName.TopP)) is null));

    private static string? EffortOf(ClaudeModel claude, ChatOptions options) => (options as ModelOptions)?.ReasoningEffort switch
    {
        null or "none" => null,
        "minimal" or "low" => "low",
        "medium" => "medium",
        "high" => "high",
        "max" => "max",
        _ => claude.HasExtraHighEffort ? "xhigh" : "max",
    };

    private static void WriteStops(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.StopSequences?.Where(stop => !string.IsNullOrWhiteSpace(stop)).ToList() is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop_sequences"u8);
            foreach (var stop in stops)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        var named = (options as ModelOptions)?.SafetyIdentifier ?? ModelJson.Property(options.AdditionalProperties, ModelProperties.User);
        if (named is { } user)
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("user_id"u8, user);
            json.WriteEndObject();
        }
    }

    private static void WriteTools(Utf8JsonWriter json, bool hasStrict, ChatOptions options)
    {
        var some = json.WriteTools(options, (writer, function) =>
        {
            writer.WriteNameOf(function);
            writer.WritePropertyName("input_schema"u8);
            var schema = ToolSchema.Flatten(function.JsonSchema);
            var enforced = hasStrict && function is FunctionTool { Strict: true } ? ClaudeSchema.Fit(schema) : null;
            (enforced ?? schema).WriteTo(writer);
            writer.WriteOptional("strict"u8, enforced is null ? null : true);
        });
        if (some)
        {
            WriteToolChoice(json, options);
        }
    }

    private static void WriteToolChoice(Utf8JsonWriter json, ChatOptions options)
    {
        var oneAtATime = options.AllowMultipleToolCalls == false;
        var (type, name) = options.ToolMode switch
        {
            NoneChatToolMode => ("none", null),
            RequiredChatToolMode { RequiredFunctionName: { } function } => ("tool", function),
            RequiredChatToolMode => ("any", null),
            AutoChatToolMode => ("auto", null),
            _ => (oneAtATime ? "auto" : null, (string?)null),
        };
        if (type is null)
        {
            return;
        }

        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, type);
        json.WriteOptional("name"u8, name);
        json.WriteOptional("disable_parallel_tool_use"u8, oneAtATime && type != "none" ? true : null);
        json.WriteEndObject();
    }

    private static void WriteOutputConfig(Utf8JsonWriter json, ClaudeModel claude, JsonElement? schema, ChatOptions options)
    {
        var effort = claude.ThinksAsItSeesFit ? EffortOf(claude, options) : null;
        if (effort is null && schema is null)
        {
            return;
        }

        json.WriteStartObject("output_config"u8);
        json.WriteOptional("effort"u8, effort);
        if (schema is { } shape)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WritePropertyName("schema"u8);
            shape.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
