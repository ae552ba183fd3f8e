using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs;
using OpenClaw.Runs.Input;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary><c>functions</c> and <c>function_call</c>, the form of tools before <c>tools</c>. The model gets tools; the answer has at most
/// one call, as <c>function_call</c> of the message. Source: OpenAI API reference, chat completions, deprecated fields.</summary>
internal static class ChatFunctions
{
    /// <summary>Whether the caller declares its tools in the older form, and so reads the answer in it.</summary>
    public static bool UsesFunctions(this ChatCompletionRequest request) => request.Functions is { Count: > 0 };

    /// <summary>The functions as tools, to be read like those of <c>tools</c>.</summary>
    /// <exception cref="GatewayException"><c>400</c>: both forms at once.</exception>
    public static IReadOnlyList<ChatTool?>? AllTools(this ChatCompletionRequest request)
    {
        if (!request.UsesFunctions())
        {
            return request.Tools;
        }

        if (request.Tools is { Count: > 0 })
        {
            throw new GatewayException(GatewayError.InvalidValue("functions", "send either 'functions' or 'tools', not both."));
        }

        return [.. request.Functions!.Select((f, i) => new ChatTool
        {
            Name = f?.Name ?? throw new GatewayException(GatewayError.MissingField($"functions[{i}].name")),
            Description = f.Description,
            Parameters = f.Parameters,
        })];
    }

    /// <summary>The caller's choice, in whichever form it comes.</summary>
    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static ToolChoice ToToolChoice(this ChatCompletionRequest request, IReadOnlyList<FunctionTool> tools)
    {
        if (request.FunctionCall is not { ValueKind: not JsonValueKind.Null } call)
        {
            return ToolNames.ReadChoice(request.ToolChoice, [.. tools.Select(t => t.Name)]);
        }

        switch (call.ValueKind)
        {
            case JsonValueKind.String when call.ValueEquals("auto"):
                return ToolChoice.Auto;
            case JsonValueKind.String when call.ValueEquals("none"):
                return new ToolChoice(ToolChoiceMode.None);
            case JsonValueKind.Object when call.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String:
                return tools.Any(t => name.ValueEquals(t.Name))
                    ? new ToolChoice(ToolChoiceMode.Required, [name.GetString()!])
                    : throw new GatewayException(
                        GatewayError.InvalidValue("function_call.name", $"'{name.GetString()}' is not among the declared functions."));
            case JsonValueKind.Object:
                throw new GatewayException(GatewayError.MissingField("function_call.name"));
            default:
                throw new GatewayException(
                    GatewayError.InvalidValue("function_call", "'none', 'auto' or an object with the name of a function."));
        }
    }
}
