using System.Text.Json;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Calls of tools and their results as events.</summary>
internal static class ToolEvents
{
    /// <summary>What clients send in <c>caps</c> to get them.</summary>
    public const string Capability = "tool-events";

    /// <summary>Null for an item that is neither.</summary>
    public static ToolEventData? Of(ConversationItem item) => item switch
    {
        FunctionCallItem call => new ToolEventData("start", call.CallId) { Name = call.Name, Args = ReadArguments(call.Arguments) },
        FunctionCallOutputItem output => new ToolEventData("result", output.CallId)
        {
            Result = string.Join("\n", output.Output.Select(part => part is TextPart text ? text.Text : "[media]")),
            IsError = output.IsError ? true : null,
        },
        _ => null,
    };

    private static JsonElement ReadArguments(string arguments)
    {
        try
        {
            return JsonElement.Parse(arguments);
        }
        catch (JsonException)
        {
            return JsonElement.Parse(System.Text.Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(arguments)}\""));
        }
    }
}
