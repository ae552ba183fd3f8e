using System.Buffers.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Text;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// Claude's thinking blocks, which must be sent back unchanged, signed and in order. They travel as the
/// <see cref="TextReasoningContent.ProtectedData"/> of the reasoning they belong to, so that code that
/// shows or shortens the readable text cannot break a signature.
/// </summary>
internal static class SealedThinking
{
    private const string Mark = "claude-thinking:";

    /// <summary>True for data sealed here. Providers cannot read the sealed reasoning of another one.</summary>
    public static bool IsOurs(string? protectedData) => protectedData?.StartsWith(Mark, StringComparison.Ordinal) == true;

    /// <param name="blocks">Consecutive blocks; a redacted one has only data.</param>
    public static string Seal(IEnumerable<ThinkingBlock> blocks)
    {
        using var buffer = new PooledBuffer(1024);
        using (var json = ModelJson.CreateWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var block in blocks)
            {
                Write(json, block);
            }

            json.WriteEndArray();
        }

        return Mark + Base64Url.EncodeToString(buffer.Span);
    }

    /// <summary>The blocks that <see cref="Seal"/> sealed; empty for any other text, since callers can send any.</summary>
    public static IReadOnlyList<ThinkingBlock> Open(string? protectedData)
    {
        if (!IsOurs(protectedData))
        {
            return [];
        }

        try
        {
            var reader = new Utf8JsonReader(Base64Url.DecodeFromChars(protectedData.AsSpan(Mark.Length)));
            return [.. JsonElement.ParseValue(ref reader).EnumerateArray().Select(Read)];
        }
        catch (Exception exception)
            when (exception is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Writes a block of a message.</summary>
    public static void Write(Utf8JsonWriter json, ThinkingBlock block)
    {
        json.WriteStartObject();
        if (block.RedactedData is { } data)
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, data);
        }
        else
        {
            json.WriteString("type"u8, "thinking"u8);
            json.WriteString("thinking"u8, block.Text.ToString());
            json.WriteString("signature"u8, block.Signature.ToString());
        }

        json.WriteEndObject();
    }

    private static ThinkingBlock Read(JsonElement element) => element.GetProperty("type").GetString() == "redacted_thinking"
        ? new ThinkingBlock { RedactedData = element.GetProperty("data").GetString() ?? throw new FormatException() }
        : new ThinkingBlock(element.GetProperty("thinking").GetString(), element.GetProperty("signature").GetString());
}
