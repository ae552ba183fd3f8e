using System.Text.Json.Serialization;
using OpenClaw.Gateway.Runs;
using OpenClaw.Tools;

namespace OpenClaw.Gateway.Tools;

/// <summary>Answer of a call that was made: <c>{"ok":true,"result":{"content":[…]}}</c>.</summary>
public sealed record ToolInvokeAnswer(bool Ok, ToolInvokeResult Result);

public sealed record ToolInvokeResult
{
    /// <summary>What the tool gave back; null after a dry run.</summary>
    public IReadOnlyList<ToolContent>? Content { get; init; }

    /// <summary>After a dry run the tool that could have been called.</summary>
    public string? Tool { get; init; }

    public bool? DryRun { get; init; }

    public static ToolInvokeResult Of(ToolResult result) => new()
    {
        Content = [.. result.Parts.Select(ToolContent.Of).OfType<ToolContent>()],
    };
}

/// <summary>JSON of the calls of tools: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false, MaxDepth = 64)]
[JsonSerializable(typeof(ToolInvokeRequest))]
[JsonSerializable(typeof(ToolInvokeAnswer))]
internal sealed partial class ToolsFrontJson : JsonSerializerContext;
