using System.Text;
using System.Text.Json;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Completions;

/// <summary>Reads the tool calls of chat completion chunks, in pieces of any size.</summary>
internal sealed class CompletionsCalls(AnswerPieces pieces)
{
    private readonly ToolCallTracker _calls = new(pieces);

    /// <inheritdoc cref="ToolCallTracker.HasNameless"/>
    public bool HasNameless => _calls.HasNameless;

    /// <summary>Reads a <c>tool_calls</c> array.</summary>
    /// <param name="chunk">What <paramref name="reader"/> reads.</param>
    /// <param name="isWhole">Whether each element is a call, as opposed to a piece of one.</param>
    public void ReadArray(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk, bool isWhole)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        ModelJson.Expect(reader.TokenType == JsonTokenType.StartArray);
        for (var position = 0; reader.Read() && reader.TokenType == JsonTokenType.StartObject; position++)
        {
            int? index = null;
            string? id = null;
            (string? Name, string Arguments)? function = null;
            List<KeyValuePair<string, JsonElement>>? extra = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("index"u8))
                {
                    reader.Read();
                    index = reader.TokenType == JsonTokenType.Number ? reader.GetInt32() : null;
                }
                else if (reader.ValueTextEquals("id"u8))
                {
                    id = ModelJson.ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("function"u8))
                {
                    reader.Read();
                    function = ReadFunction(ref reader, chunk);
                }
                else if (CallExtra.NameAt(ref reader) is { } name)
                {
                    reader.Read();
                    (extra ??= []).Add(new(name, JsonElement.ParseValue(ref reader)));
                }
                else
                {
                    reader.Skip();
                }
            }

            if (function is not { } call)
            {
                continue;
            }

            if (isWhole)
            {
                _calls.AddWhole(position, id, call.Name, call.Arguments, CallExtra.Of(extra));
            }
            else
            {
                _calls.Add(index, id, call.Name, call.Arguments, CallExtra.Of(extra));
            }
        }
    }

    /// <summary>Reads a <c>function_call</c> object, the form before <c>tool_calls</c>: one call, without an id.</summary>
    public void ReadLegacy(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk, bool isWhole)
    {
        if (ReadFunction(ref reader, chunk) is not { } call)
        {
            return;
        }

        if (isWhole)
        {
            _calls.AddWhole(0, null, call.Name, call.Arguments);
        }
        else
        {
            _calls.Add(0, null, call.Name, call.Arguments);
        }
    }

    private static (string? Name, string Arguments)? ReadFunction(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? name = null;
        var arguments = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                name = ModelJson.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("arguments"u8))
            {
                reader.Read();
                arguments = ReadArguments(ref reader, chunk);
            }
            else
            {
                reader.Skip();
            }
        }

        return (name, arguments);
    }

    private static string ReadArguments(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return ModelJson.ReadPiece(ref reader);
            case JsonTokenType.StartObject: // some servers send an object in place of its text
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return Encoding.UTF8.GetString(chunk[start..(int)reader.BytesConsumed]);
            default:
                reader.Skip();
                return "";
        }
    }
}
