using System.Text;
using System.Text.Json;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Wire;

/// <summary>Refuses text that storage or a provider cannot take: NUL and lone surrogates, anywhere in a body.</summary>
public static class JsonTextCheck
{
    private const int MaxDepth = 64;

    /// <exception cref="GatewayException"><c>400 invalid_text</c> or <c>400 invalid_json</c>, with the field's path.</exception>
    public static void ThrowIfForbidden(ReadOnlySpan<byte> body)
    {
        // Only escapes can hold them: raw NUL and invalid UTF-8 are not JSON.
        if (body.IndexOf("\\u0000"u8) < 0 && body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var path = new JsonPathTracker();
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                path.Advance(ref reader);
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                    && IsForbidden(ref reader))
                {
                    var param = path.ToString();
                    throw new GatewayException(GatewayError.InvalidRequest(
                        $"'{param}' contains a NUL character or an unpaired surrogate.", param, ErrorCode.InvalidText));
                }
            }
        }
        catch (JsonException)
        {
            // The JSON is malformed: the parse that follows reports where.
        }
    }

    /// <summary>A serializer path (<c>$.messages[0].role</c>) as OpenAI names parameters (<c>messages[0].role</c>).</summary>
    public static string? ToParam(string? path) =>
        path is null or "$" or "" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path.TrimStart('$');

    private static bool IsForbidden(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return true; // an escaped surrogate without its other half
        }
    }

    /// <summary>The reader's place in the document.</summary>
    private sealed class JsonPathTracker
    {
        private readonly Stack<(bool IsArray, int Index, string? Name)> _levels = new();
        private string? _name;

        public void Advance(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _name = reader.ValueIsEscaped ? "?" : reader.GetString();
                    return;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    _levels.Pop();
                    return;
                default:
                    CountElement();
                    break;
            }

            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                _levels.Push((reader.TokenType == JsonTokenType.StartArray, -1, _name));
                _name = null;
            }
        }

        public override string ToString()
        {
            var text = new StringBuilder();
            foreach (var (isArray, index, name) in _levels.Reverse())
            {
                Append(text, name);
                if (isArray)
                {
                    text.Append('[').Append(index).Append(']');
                }
            }

            Append(text, _name);
            return text.ToString();
        }

        private void CountElement()
        {
            if (_levels.TryPeek(out var level) && level.IsArray)
            {
                _levels.Pop();
                _levels.Push(level with { Index = level.Index + 1 });
                _name = null;
            }
        }

        private static void Append(StringBuilder text, string? name)
        {
            if (name is not null)
            {
                text.Append(text.Length > 0 ? "." : "").Append(name);
            }
        }
    }
}
