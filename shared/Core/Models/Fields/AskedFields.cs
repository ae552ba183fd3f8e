using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;

namespace OpenClaw.Models.Fields;

/// <summary>Looks up what a caller asked for.</summary>
internal static class AskedFields
{
    /// <summary>The field, or null when the caller did not ask for it.</summary>
    public static AskedField? Asked(this ChatOptions options, string name) =>
        (options as ModelOptions)?.Asked.FirstOrDefault(field => field.Name == name);

    /// <summary>The value, or null when the caller did not ask for the field.</summary>
    public static JsonElement? AskedValue(this ChatOptions options, string name) => options.Asked(name)?.Value;

    /// <summary>Refuses fields that the API has, but this model does not take, or not together with the rest of the request.</summary>
    /// <exception cref="GatewayException"><c>400 unsupported_parameter</c> when the caller asked for one of them.</exception>
    public static void RefuseIfAsked(this ChatOptions options, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (options.Asked(name) is { } field)
            {
                throw FieldRules.Refused(field.Param);
            }
        }
    }
}
