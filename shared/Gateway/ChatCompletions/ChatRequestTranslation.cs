using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Input;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Checks a chat request and turns its settings into the terms of a run. Messages: <see cref="ChatMessageTranslation"/>.</summary>
internal static class ChatRequestTranslation
{
    private const int MaxTools = 128;

    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static ModelOptions ToOptions(this ChatCompletionRequest request)
    {
        CheckRange(request.Temperature, 0, 2, "temperature");
        CheckRange(request.TopP, 0, 1, "top_p");
        CheckRange(request.PresencePenalty, -2, 2, "presence_penalty");
        CheckRange(request.FrequencyPenalty, -2, 2, "frequency_penalty");
        CheckRange(request.MaxTokens, 1, int.MaxValue, "max_tokens");
        CheckRange(request.MaxCompletionTokens, 1, int.MaxValue, "max_completion_tokens");
        CheckRange(request.N, 1, int.MaxValue, "n");
        CheckRange(request.TopK, 0, int.MaxValue, "top_k");
        if (request.Stop?.Count > 4)
        {
            throw Invalid("stop", "at most 4 sequences.");
        }

        var format = ToFormat(request.ResponseFormat);
        return new ModelOptions
        {
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            PresencePenalty = (float?)request.PresencePenalty,
            FrequencyPenalty = (float?)request.FrequencyPenalty,
            Seed = request.Seed,
            StopSequences = request.Stop is { Count: > 0 } stop ? [.. stop] : null,
            MaxOutputTokens = request.MaxCompletionTokens ?? request.MaxTokens,
            AllowMultipleToolCalls = request.ParallelToolCalls,
            ResponseFormat = format,
            StrictSchema = request.ResponseFormat?.JsonSchema?.Strict,
            ReasoningEffort = request.ReasoningEffort,
            Verbosity = request.Verbosity,
            ServiceTier = request.ServiceTier,
            PromptCacheKey = request.PromptCacheKey,
            SafetyIdentifier = request.SafetyIdentifier,
            TopK = request.TopK,
            Logprobs = request.Logprobs == true,
            TopLogprobs = request.TopLogprobs,
            Asked = request.ToAsked(),
        };
    }

    /// <exception cref="GatewayException"><c>400</c> naming the tool.</exception>
    public static IReadOnlyList<FunctionTool> ToTools(this ChatCompletionRequest request)
    {
        if (request.AllTools() is not { Count: > 0 } tools)
        {
            return [];
        }

        var array = request.UsesFunctions() ? "functions" : "tools";

        if (tools.Count > MaxTools)
        {
            throw Invalid(array, $"at most {MaxTools} {array}.");
        }

        var all = new List<FunctionTool>(tools.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tools.Count; i++)
        {
            var tool = tools[i] ?? throw new GatewayException(GatewayError.InvalidType($"{array}[{i}]", "an object"));
            if (tool.Type is not (null or "function"))
            {
                throw Invalid($"tools[{i}].type", "only 'function' tools are supported.");
            }

            var name = tool.Function?.Name ?? tool.Name;
            var param = tool.Function is null && tool.Name is not null ? $"{array}[{i}].name" : $"{array}[{i}].function.name";
            ToolNames.Check(name, param);
            if (!names.Add(name!))
            {
                throw Invalid(param, "two tools have this name.");
            }

            var parameters = tool.Function is null ? tool.Parameters : tool.Function.Parameters;
            all.Add(new FunctionTool(
                name!, tool.Function is null ? tool.Description : tool.Function.Description,
                ToolNames.CheckSchema(parameters, param.Replace(".name", ".parameters", StringComparison.Ordinal)),
                tool.Function is null ? tool.Strict : tool.Function.Strict));
        }

        return all;
    }

    private static ChatResponseFormat? ToFormat(ChatResponseFormatInput? format) => format?.Type switch
    {
        null when format is null => null,
        null => throw new GatewayException(GatewayError.MissingField("response_format.type")),
        "text" => ChatResponseFormat.Text,
        "json_object" => ChatResponseFormat.Json,
        "json_schema" when format.JsonSchema is { Schema: { ValueKind: JsonValueKind.Object } schema, Name: { Length: > 0 } name } =>
            ChatResponseFormat.ForJsonSchema(schema, name, format.JsonSchema.Description),
        "json_schema" => throw new GatewayException(GatewayError.MissingField(
            format.JsonSchema is null ? "response_format.json_schema"
            : format.JsonSchema.Name is null or "" ? "response_format.json_schema.name" : "response_format.json_schema.schema")),
        _ => throw Invalid("response_format.type", "'text', 'json_object' or 'json_schema'."),
    };

    private static void CheckRange(double? value, double min, double max, string param)
    {
        if (value is { } number && !(number >= min && number <= max))
        {
            throw Invalid(param, max == int.MaxValue ? $"at least {min}."
                : $"a number from {min} to {max}.");
        }
    }

    private static GatewayException Invalid(string param, string message) => new(GatewayError.InvalidValue(param, message));
}
