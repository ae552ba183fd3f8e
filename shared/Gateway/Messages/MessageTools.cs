using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Runs;
using OpenClaw.Runs.Input;

namespace OpenClaw.Gateway.Messages;

/// <summary>The caller's tools and its choice among them.</summary>
internal static class MessageTools
{
    private const int MaxTools = 1_024;
    private const int MaxNameLength = 128;

    /// <summary>The tools to offer. Deferred tools are offered like all others. The tools that search for deferred ones have nothing to
    /// find then and are left out.</summary>
    /// <exception cref="GatewayException"><c>400</c> naming the tool and field.</exception>
    public static IReadOnlyList<FunctionTool> ToTools(this MessageRequest request)
    {
        var tools = Read(request.Tools);
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (isAddition, tool) in Changes(request.Messages))
        {
            if (tool.Field("input_schema") is not null)
            {
                var defined = ToTool(tool);
                tools[defined.Name] = defined;
            }

            _ = isAddition ? removed.Remove(tool.RequiredText("name")) : removed.Add(tool.RequiredText("name"));
        }

        return [.. tools.Values.Where(t => !removed.Contains(t.Name))];
    }

    /// <exception cref="GatewayException"><c>400</c> naming the field; also when a tool is named that was not declared.</exception>
    public static (ToolChoice Choice, bool IsOneAtATime) ToToolChoice(this MessageRequest request, IReadOnlyList<FunctionTool> tools)
    {
        if (request.ToolChoice is not { ValueKind: not JsonValueKind.Null } element)
        {
            return (ToolChoice.Auto, false);
        }

        var choice = new InputBlock(element.AsObject("tool_choice"), "tool_choice");
        var isOneAtATime = choice.Flag("disable_parallel_tool_use");
        return choice.Type switch
        {
            "auto" => (ToolChoice.Auto, isOneAtATime),
            "none" => (new ToolChoice(ToolChoiceMode.None), isOneAtATime),
            "any" when tools.Count > 0 => (new ToolChoice(ToolChoiceMode.Required), isOneAtATime),
            "any" => throw choice.Invalid("type", "a tool is required but 'tools' declares none."),
            "tool" => (new ToolChoice(ToolChoiceMode.Required, [Declared(choice, tools)]), isOneAtATime),
            _ => throw choice.Invalid("type", "'auto', 'any', 'tool' or 'none'."),
        };
    }

    private static OrderedDictionary<string, FunctionTool> Read(JsonElement? declared)
    {
        var all = new OrderedDictionary<string, FunctionTool>(StringComparer.Ordinal);
        if (declared is not { ValueKind: not JsonValueKind.Null } tools)
        {
            return all;
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            throw new GatewayException(GatewayError.InvalidType("tools", "an array of tools"));
        }

        if (tools.GetArrayLength() > MaxTools)
        {
            throw new GatewayException(GatewayError.InvalidValue("tools", $"at most {MaxTools} tools."));
        }

        foreach (var tool in InputBlock.ReadAll(tools, "tools").Where(IsOffered))
        {
            var read = ToTool(tool);
            if (!all.TryAdd(read.Name, read))
            {
                throw tool.Invalid("name", "two tools have this name.");
            }
        }

        return all;
    }

    /// <summary>The tools that system messages within the conversation add or remove, in order. They name a tool of the request, or define
    /// one.</summary>
    private static IEnumerable<(bool IsAddition, InputBlock Tool)> Changes(JsonElement? messages)
    {
        if (messages is not { ValueKind: JsonValueKind.Array } all)
        {
            yield break;
        }

        foreach (var message in InputBlock.ReadAll(all, "messages"))
        {
            if (message.OptionalText("role") != "system" || message.Field("content") is not { ValueKind: JsonValueKind.Array } content)
            {
                continue;
            }

            foreach (var block in InputBlock.ReadAll(content, $"{message.Param}.content"))
            {
                if (block.Type is "tool_addition" or "tool_removal")
                {
                    var place = $"{block.Param}.tool";
                    yield return (block.Type == "tool_addition", new InputBlock(block.RequiredField("tool").AsObject(place), place));
                }
            }
        }
    }

    private static bool IsOffered(InputBlock tool) => tool.OptionalText("type") switch
    {
        null or "custom" => true,
        { } search when search.StartsWith("tool_search_tool", StringComparison.Ordinal) => false,
        var type => throw tool.Invalid(
            "type", $"'{type}' is not run by this gateway; only tools with a 'name' and an 'input_schema' are supported."),
    };

    private static FunctionTool ToTool(InputBlock tool)
    {
        var name = tool.RequiredText("name");
        if (name.Length is 0 or > MaxNameLength || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')))
        {
            throw tool.Invalid("name", $"1 to {MaxNameLength} letters, digits, '_' or '-'.");
        }

        var schema = ToolNames.CheckSchema(tool.RequiredField("input_schema"), $"{tool.Param}.input_schema");
        return new FunctionTool(name, tool.OptionalText("description"), schema, tool.Flag("strict") ? true : null);
    }

    private static string Declared(InputBlock choice, IReadOnlyList<FunctionTool> tools)
    {
        var name = choice.RequiredText("name");
        return tools.Any(t => t.Name == name) ? name : throw choice.Invalid("name", $"'{name}' is not among the declared tools.");
    }
}
