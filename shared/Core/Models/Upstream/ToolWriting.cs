using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Upstream;

/// <summary>The tools of a request, in the parts that all provider APIs share.</summary>
internal static class ToolWriting
{
    /// <summary>Writes <c>tools</c>, one object each.</summary>
    /// <param name="write">Writes the members of one.</param>
    /// <returns>False when there are none, and nothing was written.</returns>
    public static bool WriteTools(this Utf8JsonWriter json, ChatOptions options, Action<Utf8JsonWriter, AIFunctionDeclaration> write)
    {
        var functions = options.Tools?.OfType<AIFunctionDeclaration>().ToList();
        if (functions is not { Count: > 0 })
        {
            return false;
        }

        json.WriteStartArray("tools"u8);
        foreach (var function in functions)
        {
            json.WriteStartObject();
            write(json, function);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return true;
    }

    public static void WriteNameOf(this Utf8JsonWriter json, AIFunctionDeclaration function)
    {
        json.WriteString("name"u8, function.Name);
        json.WriteOptional("description"u8, function.Description is { Length: > 0 } description ? description : null);
    }

    /// <summary>The fields about tool calls that OpenAI's two APIs share.</summary>
    /// <param name="nested">Whether the name of a required function is in an object of its own, as in chat completions.</param>
    public static void WriteOpenAIToolChoice(this Utf8JsonWriter json, ChatOptions options, bool nested)
    {
        json.WriteOptional("parallel_tool_calls"u8, options.AllowMultipleToolCalls);
        switch (options.ToolMode)
        {
            case NoneChatToolMode:
                json.WriteString("tool_choice"u8, "none"u8);
                break;
            case AutoChatToolMode:
                json.WriteString("tool_choice"u8, "auto"u8);
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                if (nested)
                {
                    json.WriteStartObject("function"u8);
                }

                json.WriteString("name"u8, name);
                if (nested)
                {
                    json.WriteEndObject();
                }

                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice"u8, "required"u8);
                break;
        }
    }
}
