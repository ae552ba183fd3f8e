using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;

namespace OpenClaw.Models.Fields;

/// <summary>What one provider API does with the fields that not every API has. A field that is in none of the three lists is refused,
/// so that nothing a caller asks for is dropped in silence.</summary>
/// <param name="passed">Written as the caller sent them.</param>
/// <param name="written">Written by the API's request writer in a form of its own.</param>
/// <param name="withoutEffect">Left out, because they cannot change what this API answers.</param>
internal sealed class FieldRules(string[] passed, string[] written, string[] withoutEffect)
{
    private readonly FrozenSet<string> _passed = passed.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _known = passed.Concat(written).Concat(withoutEffect).ToFrozenSet(StringComparer.Ordinal);

    /// <exception cref="GatewayException"><c>400 unsupported_parameter</c> naming the first field that this API does not have.</exception>
    public void Check(ChatOptions? options)
    {
        foreach (var field in (options as ModelOptions)?.Asked ?? [])
        {
            if (!_known.Contains(field.Name))
            {
                throw Refused(field.Param);
            }
        }
    }

    /// <summary>Writes the passed fields.</summary>
    public void WritePassed(Utf8JsonWriter json, ChatOptions options)
    {
        foreach (var field in (options as ModelOptions)?.Asked ?? [])
        {
            if (field.Value is { } value && _passed.Contains(field.Name))
            {
                json.WritePropertyName(field.Name);
                value.WriteTo(json);
            }
        }
    }

    public static GatewayException Refused(string param) => new(GatewayError.UnsupportedParameter(param));
}
