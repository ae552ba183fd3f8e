using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Messages;

/// <summary>The settings of a message request, as options of a run.</summary>
internal static class MessageOptions
{
    private const int LeastBudget = 1_024;

    /// <summary>What OpenAI takes as the id of an end user.</summary>
    private const int MaxUserLength = 64;

    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static ModelOptions ToOptions(this MessageRequest request, bool isOneToolAtATime)
    {
        if (request.MaxTokens is < 1)
        {
            throw Invalid("max_tokens", "at least 1.");
        }

        if (request.TopK is < 0)
        {
            throw Invalid("top_k", "at least 0.");
        }

        CheckRange(request.Temperature, "temperature");
        CheckRange(request.TopP, "top_p");
        return new ModelOptions
        {
            MaxOutputTokens = request.MaxTokens,
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            TopK = request.TopK,
            StopSequences = ToStops(request.StopSequences),
            AllowMultipleToolCalls = isOneToolAtATime ? false : null,
            ResponseFormat = ToFormat(request),
            StrictSchema = FormatOf(request) is null ? null : true,
            ReasoningEffort = ToEffort(request),
            ReasoningSummary = request.WantsThinking && request.Thinking!.Display != "omitted" ? "auto" : null,
            ReasonsWherePossible = true,
            IsEffortOfAnswer = !request.WantsThinking,
            ServiceTier = request.ServiceTier switch { "standard_only" => "default", var tier => tier },
            Asked = request.ToAsked(),
            SafetyIdentifier = ToUser(request.Metadata?.UserId),
        };
    }

    /// <summary>The effort; without thinking that of the answer. A budget of thinking tokens becomes one; the bounds lie between the
    /// budgets that Claude models get for it.</summary>
    private static string? ToEffort(MessageRequest request)
    {
        var (thinking, effort) = (request.Thinking, request.OutputConfig?.Effort);
        if (effort is not (null or "low" or "medium" or "high" or "xhigh" or "max"))
        {
            throw Invalid("output_config.effort", "'low', 'medium', 'high', 'xhigh' or 'max'.");
        }

        switch (thinking?.Type)
        {
            case null when thinking is not null:
                throw new GatewayException(GatewayError.MissingField("thinking.type"));
            case null or "disabled":
                return effort;
            case "adaptive":
                return effort ?? "high"; // Anthropic's default
            case "enabled" when thinking.BudgetTokens is null:
                throw new GatewayException(GatewayError.MissingField("thinking.budget_tokens"));
            case "enabled" when thinking.BudgetTokens < LeastBudget:
                throw Invalid("thinking.budget_tokens", $"at least {LeastBudget}.");
            case "enabled":
                return effort
                    ?? thinking.BudgetTokens switch { <= 4_096 => "low", <= 12_288 => "medium", <= 24_576 => "high", _ => "xhigh" };
            default:
                throw Invalid("thinking.type", "'enabled', 'adaptive' or 'disabled'.");
        }
    }

    private static List<string>? ToStops(IReadOnlyList<string?>? sequences)
    {
        for (var i = 0; i < sequences?.Count; i++)
        {
            if (string.IsNullOrEmpty(sequences[i]))
            {
                throw Invalid($"stop_sequences[{i}]", "a string that is not empty.");
            }
        }

        return sequences is { Count: > 0 } ? [.. sequences.OfType<string>()] : null;
    }

    private static (OutputFormatInput Format, string Param)? FormatOf(MessageRequest request) =>
        request.OutputConfig?.Format is { } format ? (format, "output_config.format")
        : request.OutputFormat is { } older ? (older, "output_format")
        : null;

    private static ChatResponseFormatJson? ToFormat(MessageRequest request)
    {
        if (FormatOf(request) is not var (format, param))
        {
            return null;
        }

        if (format.Type != "json_schema")
        {
            throw Invalid($"{param}.type", "'json_schema'.");
        }

        return format.Schema is { ValueKind: JsonValueKind.Object } schema
            ? ChatResponseFormat.ForJsonSchema(schema, "output")
            : throw new GatewayException(GatewayError.MissingField($"{param}.schema"));
    }

    /// <summary>The id of the end user. Some clients send ids that are too long; a digest distinguishes them as well.</summary>
    private static string? ToUser(string? id) =>
        id is null or { Length: <= MaxUserLength } ? id : Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static void CheckRange(double? value, string param)
    {
        if (value is { } number && !(number >= 0 && number <= 1))
        {
            throw Invalid(param, "a number from 0 to 1.");
        }
    }

    private static GatewayException Invalid(string param, string message) => new(GatewayError.InvalidValue(param, message));
}
