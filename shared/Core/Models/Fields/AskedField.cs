using System.Text.Json;

namespace OpenClaw.Models.Fields;

/// <summary>A field of the caller's request that not every provider API has. A value that means the same as no value is not asked
/// for.</summary>
/// <param name="Name">One of <see cref="FieldName"/>.</param>
/// <param name="Param">What the caller calls it, for errors.</param>
/// <param name="Value">As the caller sent it; null when a property of <see cref="ModelOptions"/> has it.</param>
public sealed record AskedField(string Name, string Param, JsonElement? Value = null);
