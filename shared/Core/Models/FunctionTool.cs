using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>A function tool as the caller declared it.</summary>
/// <param name="name">1 to 64 of letters, digits, <c>_</c>, <c>-</c>.</param>
/// <param name="parameters">JSON Schema of the arguments; absent means none.</param>
public sealed class FunctionTool(string name, string? description, JsonElement? parameters, bool? strict) : AIFunctionDeclaration
{
    private static readonly JsonElement EmptySchema = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public override string Name { get; } = name;

    public override string Description { get; } = description ?? "";

    public override JsonElement JsonSchema { get; } = parameters ?? EmptySchema;

    /// <summary>As declared, null when absent.</summary>
    public JsonElement? Parameters { get; } = parameters;

    public bool? Strict { get; } = strict;
}
