using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Wire;

/// <summary>Reads whole numbers, also as clients of languages with one number type write them: <c>1024.0</c>, <c>1e3</c>. JSON does not
/// tell the two apart; a number with a fraction is an error.</summary>
internal sealed class WholeNumberConverter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt32(out var whole))
            {
                return whole;
            }

            if (reader.TryGetDouble(out var value) && double.IsInteger(value) && value is >= int.MinValue and <= int.MaxValue)
            {
                return (int)value;
            }
        }

        throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
