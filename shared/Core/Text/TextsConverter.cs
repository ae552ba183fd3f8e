using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Errors;

namespace OpenClaw.Text;

/// <summary>A field that takes null, a string or an array of strings.</summary>
public class TextsConverter : JsonConverter<IReadOnlyList<string>?>
{
    /// <summary>What the field takes, for the error.</summary>
    protected virtual string Forms => "a string or an array of strings";

    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return [reader.GetString()!];
            case JsonTokenType.StartArray:
                var all = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    all.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new WireException(Forms));
                }

                return all;
            default:
                throw new WireException(Forms);
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string>? value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
