using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models.Fields;

namespace OpenClaw.Gateway.Messages;

/// <summary>The fields of a message request that not every provider API has, and those that the gateway cannot honour at all. What becomes
/// of each field is in <c>docs/request-fields.md</c>.</summary>
internal static class MessageFields
{
    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static IReadOnlyList<AskedField> ToAsked(this MessageRequest request)
    {
        Refuse(request);
        return new FieldList()
            .Add(FieldName.Temperature, request.Temperature is not (null or 1))
            .Add(FieldName.TopP, request.TopP is not (null or 1))
            .Add(FieldName.TopK, request.TopK is not null)
            .Add(FieldName.Stop, request.StopSequences is { Count: > 0 }, "stop_sequences")
            .Add(FieldName.ServiceTier, request.ServiceTier is not (null or "auto"))
            .Add(FieldName.CacheControl, request.CacheControl)
            .Add(FieldName.InferenceGeo, request.InferenceGeo)
            .Add(FieldName.Speed, request.Speed, "standard")
            .Fields;
    }

    private static void Refuse(MessageRequest request)
    {
        if (request.ServiceTier is not (null or "auto" or "standard_only"))
        {
            throw new GatewayException(GatewayError.InvalidValue("service_tier", "'auto' or 'standard_only'."));
        }

        const string ServerTools = "is not supported: the gateway offers the caller's own tools only.";
        Refuse("container", request.Container, ServerTools);
        Refuse("mcp_servers", request.McpServers, ServerTools);
        Refuse("compaction", request.Compaction, "is not supported: the gateway sums up long sessions by itself.");
        Refuse("fallbacks", request.Fallbacks, "is not supported: fallbacks are configured with the agent.");
        Refuse("fallback_credit_token", request.FallbackCreditToken, "is not supported: fallbacks are configured with the agent.");
        Refuse("diagnostics", request.Diagnostics, "is not supported: the gateway does not return diagnostics.");
        Refuse("output_config.task_budget", request.OutputConfig?.TaskBudget, "is not supported.");
        if (request.BillingPolicy?.Field("bill_to")?.ValueEquals("self") != true)
        {
            Refuse("billing_policy", request.BillingPolicy, "can only bill 'self'.");
        }

        if (request.ContextManagement is { } management && !ClearsNothing(management))
        {
            throw Unsupported("context_management", "can only keep everything: the gateway sums up long sessions by itself.");
        }
    }

    /// <summary>Whether it changes nothing: no edits, or the one that keeps all thinking, which Claude Code sends with each
    /// request.</summary>
    private static bool ClearsNothing(JsonElement management)
    {
        if (FieldList.IsEmpty(management))
        {
            return true;
        }

        return management.Field("edits") is { ValueKind: JsonValueKind.Array } edits && edits.EnumerateArray().All(edit =>
            edit.Field("type") is { ValueKind: JsonValueKind.String } type
            && type.GetString()!.StartsWith("clear_thinking_", StringComparison.Ordinal)
            && edit.Field("keep") is { ValueKind: JsonValueKind.String } keep && keep.ValueEquals("all"));
    }

    private static void Refuse(string param, JsonElement? value, string reason)
    {
        if (value is { } given && !FieldList.IsEmpty(given))
        {
            throw Unsupported(param, reason);
        }
    }

    private static GatewayException Unsupported(string param, string reason) => new(GatewayError.UnsupportedParameter(param, reason));
}
