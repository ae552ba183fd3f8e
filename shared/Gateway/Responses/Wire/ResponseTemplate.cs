using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Runs;
using OpenClaw.Runs.Input;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>A request, checked, in the terms of a run, and the resource with everything it echoes.</summary>
/// <param name="Empty">The resource before any output.</param>
internal sealed record ResponseTemplate(Response Empty, ModelOptions Options, IReadOnlyList<FunctionTool> Tools, ToolChoice ToolChoice)
{
    /// <summary>See <see cref="RunRequest.OwnTools"/>; null when the request names none.</summary>
    public IReadOnlyDictionary<string, string>? OwnTools { get; init; }

    private const int MaxTools = 128;
    private const int MaxKeyLength = 64;

    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static ResponseTemplate Create(CreateResponseRequest request, string id, long createdAt, string model)
    {
        Check(request);
        var own = ReadNames(request.Tools);
        var tools = ReadTools(request.Tools, own);
        var choice = ToolNames.ReadChoice(request.ToolChoice, [.. tools.Select(t => t.Name), .. own.Keys]);
        var format = request.Text?.Format ?? new ResponseFormat { Type = "text" };
        var empty = new Response
        {
            Id = id,
            CreatedAt = createdAt,
            Status = "in_progress",
            Model = model,
            PreviousResponseId = request.PreviousResponseId,
            Instructions = request.Instructions,
            Output = [],
            Tools = [.. tools.Select(t => new ResponseTool(t.Name, t.Description is "" ? null : t.Description, t.Parameters, t.Strict))],
            ToolChoice = ToolChoiceEcho.Write(choice, request.ToolChoice),
            Truncation = request.Truncation ?? "disabled",
            ParallelToolCalls = request.ParallelToolCalls ?? true,
            Text = new ResponseText(format) { Verbosity = request.Text?.Verbosity },
            TopP = request.TopP ?? 1,
            Temperature = request.Temperature ?? 1,
            PresencePenalty = request.PresencePenalty ?? 0,
            FrequencyPenalty = request.FrequencyPenalty ?? 0,
            TopLogprobs = request.TopLogprobs ?? 0,
            Reasoning = request.Reasoning is { } reasoning ? new ResponseReasoning(reasoning.Effort, reasoning.SummaryKind) : null,
            MaxOutputTokens = request.MaxOutputTokens,
            MaxToolCalls = request.MaxToolCalls,
            Store = request.Store ?? true,
            Background = request.Background ?? false,
            ServiceTier = request.ServiceTier is null or "auto" ? "default" : request.ServiceTier,
            Metadata = request.Metadata ?? new Dictionary<string, string>(),
            SafetyIdentifier = request.SafetyIdentifier,
            PromptCacheKey = request.PromptCacheKey,
            User = request.User,
        };
        return new ResponseTemplate(empty, ToOptions(request, format), tools, choice) { OwnTools = own.Count > 0 ? own : null };
    }

    private static void Check(CreateResponseRequest request)
    {
        Range(request.Temperature, 0, 2, "temperature");
        Range(request.TopP, 0, 1, "top_p");
        Range(request.PresencePenalty, -2, 2, "presence_penalty");
        Range(request.FrequencyPenalty, -2, 2, "frequency_penalty");
        Range(request.TopLogprobs, 0, 20, "top_logprobs");
        AtLeast(request.MaxOutputTokens, 16, "max_output_tokens");
        AtLeast(request.MaxToolCalls, 1, "max_tool_calls");
        OneOf(request.Truncation, "truncation", "auto", "disabled");
        OneOf(request.Text?.Verbosity, "text.verbosity", "low", "medium", "high");
        OneOf(request.Reasoning?.Effort, "reasoning.effort", "none", "minimal", "low", "medium", "high", "xhigh", "max");
        OneOf(request.Reasoning?.SummaryKind, "reasoning.summary", "auto", "concise", "detailed");
        OneOf(request.ServiceTier, "service_tier", "auto", "default", "flex", "priority", "scale", "fast", "ultrafast");
        Length(request.SafetyIdentifier, "safety_identifier");
        Length(request.PromptCacheKey, "prompt_cache_key");
        if (request is { Background: true, Store: false })
        {
            throw Invalid("background", "a background response is stored; leave out 'store' or set it to true.");
        }

        CheckMetadata(request.Metadata);
    }

    private static void CheckMetadata(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata?.Count > 16)
        {
            throw Invalid("metadata", "at most 16 pairs.");
        }

        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            if (key.Length is 0 or > MaxKeyLength || value is null || value.Length > 512)
            {
                throw Invalid($"metadata.{key[..Math.Min(key.Length, MaxKeyLength)]}", "keys of 1 to 64 characters, values of up to 512.");
            }
        }
    }

    /// <summary>Strings name tools of the gateway; admission checks that they exist.</summary>
    private static Dictionary<string, string> ReadNames(IReadOnlyList<JsonElement>? elements)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < elements?.Count; i++)
        {
            if (elements[i].ValueKind == JsonValueKind.String)
            {
                names.TryAdd(elements[i].GetString()!, $"tools[{i}]");
            }
        }

        return names;
    }

    private static List<FunctionTool> ReadTools(IReadOnlyList<JsonElement>? elements, Dictionary<string, string> own)
    {
        var tools = new List<FunctionTool>();
        if (elements?.Count > MaxTools)
        {
            throw Invalid("tools", $"at most {MaxTools} tools.");
        }

        for (var i = 0; i < elements?.Count; i++)
        {
            if (elements[i].ValueKind == JsonValueKind.String)
            {
                continue;
            }

            var tool = ReadTool(elements[i], $"tools[{i}]");
            if (own.ContainsKey(tool.Name) || tools.Any(t => t.Name == tool.Name))
            {
                throw Invalid($"tools[{i}]", $"two tools have the name '{tool.Name}'.");
            }

            tools.Add(tool);
        }

        return tools;
    }

    private static FunctionTool ReadTool(JsonElement element, string param)
    {
        var tool = element.AsObject(param);
        if (tool.Text("type", param) is not (null or "function") and var type)
        {
            throw Invalid($"{param}.type", $"'{type}' is not supported; declare function tools.");
        }

        var (source, at) = tool.Field("function") is { } nested ? (nested.AsObject($"{param}.function"), $"{param}.function")
            : (tool, param);
        var name = source.Text("name", at);
        ToolNames.Check(name, $"{at}.name");
        return new FunctionTool(
            name!, source.Text("description", at), ToolNames.CheckSchema(source.Field("parameters"), $"{at}.parameters"),
            (source.Field("strict") ?? tool.Field("strict"))?.ValueKind switch
            {
                null => null,
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw new GatewayException(GatewayError.InvalidType($"{at}.strict", "true or false")),
            });
    }

    private static ModelOptions ToOptions(CreateResponseRequest request, ResponseFormat format) => new()
    {
        Temperature = (float?)request.Temperature,
        TopP = (float?)request.TopP,
        PresencePenalty = (float?)request.PresencePenalty,
        FrequencyPenalty = (float?)request.FrequencyPenalty,
        MaxOutputTokens = request.MaxOutputTokens,
        AllowMultipleToolCalls = request.ParallelToolCalls,
        ResponseFormat = ToFormat(format),
        StrictSchema = format.Strict,
        ReasoningEffort = request.Reasoning?.Effort,
        ReasoningSummary = request.Reasoning?.SummaryKind,
        Verbosity = request.Text?.Verbosity,
        ServiceTier = request.ServiceTier,
        PromptCacheKey = request.PromptCacheKey,
        SafetyIdentifier = request.SafetyIdentifier,
        Logprobs = request.WantsLogprobs(),
        TopLogprobs = request.TopLogprobs,
        Asked = request.ToAsked(),
    };

    private static ChatResponseFormatJson? ToFormat(ResponseFormat format) => format.Type switch
    {
        "text" => null,
        "json_object" => ChatResponseFormat.Json,
        "json_schema" when format is { Schema: { ValueKind: JsonValueKind.Object } schema, Name: { Length: > 0 } name } =>
            ChatResponseFormat.ForJsonSchema(schema, name, format.Description),
        "json_schema" => throw new GatewayException(
            GatewayError.MissingField(format.Name is null or "" ? "text.format.name" : "text.format.schema")),
        null => throw new GatewayException(GatewayError.MissingField("text.format.type")),
        _ => throw Invalid("text.format.type", "'text', 'json_object' or 'json_schema'."),
    };

    private static void Range(double? value, double min, double max, string param)
    {
        if (value is { } number && !(number >= min && number <= max))
        {
            throw Invalid(param, $"a number from {min} to {max}.");
        }
    }

    private static void AtLeast(int? value, int min, string param)
    {
        if (value < min)
        {
            throw Invalid(param, $"at least {min}.");
        }
    }

    private static void OneOf(string? value, string param, params string[] allowed)
    {
        if (value is not null && !allowed.Contains(value, StringComparer.Ordinal))
        {
            throw Invalid(param, $"one of {string.Join(", ", allowed)}.");
        }
    }

    private static void Length(string? value, string param)
    {
        if (value?.Length > MaxKeyLength)
        {
            throw Invalid(param, $"at most {MaxKeyLength} characters.");
        }
    }

    private static GatewayException Invalid(string param, string message) => new(GatewayError.InvalidValue(param, message));
}
