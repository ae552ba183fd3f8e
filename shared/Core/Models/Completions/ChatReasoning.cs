using System.Buffers.Text;
using System.Text.Json;
using OpenClaw.Text;

namespace OpenClaw.Models.Completions;

/// <summary>
/// How a chat completions provider gave its reasoning, as the <see cref="Microsoft.Extensions.AI.TextReasoningContent.ProtectedData"/>
/// of it: the name of the field, and OpenRouter's <c>reasoning_details</c>. DeepSeek, Kimi and others refuse a tool loop whose
/// reasoning does not come back under that name. The text itself is not in it, unless the caller does not see the text.
/// </summary>
/// <param name="Field"><c>reasoning_content</c>, <c>reasoning</c>, or <see cref="Parts"/>.</param>
/// <param name="Details">The array <c>reasoning_details</c>.</param>
/// <param name="Text">The reasoning, where it is not beside this data.</param>
public sealed record ChatReasoning(string Field, JsonElement? Details = null, string? Text = null)
{
    public const string DefaultField = "reasoning_content";

    /// <summary>Mistral: parts of type <c>thinking</c> in the content.</summary>
    public const string Parts = "thinking";

    private const string Mark = "chat-reasoning:";

    private static readonly string[] Fields = [DefaultField, "reasoning", Parts];

    public static bool IsOne(string? protectedData) => protectedData?.StartsWith(Mark, StringComparison.Ordinal) == true;

    /// <summary>The data without more than the name, which needs no encoding.</summary>
    public static string Of(string field) => Mark + field;

    public string Seal()
    {
        if (Details is null && Text is null)
        {
            return Of(Field);
        }

        using var buffer = new PooledBuffer(1024);
        using (var json = ModelJson.CreateWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteOptional("text"u8, Text);
            if (Details is { } details)
            {
                json.WritePropertyName("details"u8);
                details.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return $"{Mark}{Field}.{Base64Url.EncodeToString(buffer.Span)}";
    }

    /// <summary>Null for any other text, since callers can send any.</summary>
    public static ChatReasoning? Open(string? protectedData)
    {
        if (!IsOne(protectedData))
        {
            return null;
        }

        var parts = protectedData![Mark.Length..].Split('.', 2);
        if (!Fields.Contains(parts[0]))
        {
            return null;
        }

        try
        {
            return parts.Length == 1 ? new(parts[0]) : Read(parts[0], JsonElement.Parse(Base64Url.DecodeFromChars(parts[1])));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static ChatReasoning? Read(string field, JsonElement more) => more.ValueKind != JsonValueKind.Object ? null : new(
        field,
        more.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array ? details : null,
        more.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null);
}
