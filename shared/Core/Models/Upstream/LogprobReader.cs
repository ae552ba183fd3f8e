using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Sessions;

namespace OpenClaw.Models.Upstream;

/// <summary>Reads the log probabilities of tokens, in the form that OpenAI's two APIs share. What does not have that form is
/// skipped: it is an extra beside the answer.</summary>
internal static class LogprobReader
{
    /// <summary>Reads <c>logprobs</c> of a choice, an object with the arrays <c>content</c> and <c>refusal</c>.</summary>
    /// <param name="reader">Stands on the value.</param>
    /// <returns>What to add behind the text of the choice.</returns>
    public static IReadOnlyList<AIContent> ReadChoice(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return [];
        }

        var found = JsonElement.ParseValue(ref reader);
        var contents = new List<AIContent>(1);
        if (found.TryGetProperty("content", out var content) && Read(content) is { } tokens)
        {
            contents.Add(new LogprobsContent(tokens));
        }

        if (found.TryGetProperty("refusal", out var refusal) && Read(refusal) is { } refused)
        {
            contents.Add(new LogprobsContent(refused, isRefusal: true));
        }

        return contents;
    }

    /// <param name="reader">Stands on the value.</param>
    /// <inheritdoc cref="Read(JsonElement)"/>
    public static IReadOnlyList<TokenLogprob>? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            return Read(JsonElement.ParseValue(ref reader));
        }

        reader.Skip();
        return null;
    }

    /// <returns>Null when there are none.</returns>
    /// <param name="tokens">An array of tokens; anything else has none.</param>
    public static IReadOnlyList<TokenLogprob>? Read(JsonElement tokens)
    {
        if (tokens.ValueKind != JsonValueKind.Array || tokens.GetArrayLength() == 0)
        {
            return null;
        }

        var all = new List<TokenLogprob>(tokens.GetArrayLength());
        foreach (var token in tokens.EnumerateArray())
        {
            if (TextOf(token) is { } text && NumberOf(token) is { } logprob)
            {
                var top = token.TryGetProperty("top_logprobs", out var given) && given.ValueKind == JsonValueKind.Array
                    ? given.EnumerateArray().Select(ReadAlternative).OfType<TokenAlternative>()
                    : [];
                all.Add(new TokenLogprob(text, logprob, BytesOf(token), [.. top]));
            }
        }

        return all.Count > 0 ? all : null;
    }

    private static TokenAlternative? ReadAlternative(JsonElement token) =>
        TextOf(token) is { } text && NumberOf(token) is { } logprob ? new TokenAlternative(text, logprob, BytesOf(token)) : null;

    private static string? TextOf(JsonElement token) => token.ValueKind == JsonValueKind.Object
        && token.TryGetProperty("token", out var text) && text.ValueKind == JsonValueKind.String ? Text(text) : null;

    private static string Text(JsonElement text)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(text));
        reader.Read();
        return ModelJson.ReadText(ref reader);
    }

    private static double? NumberOf(JsonElement token) => token.TryGetProperty("logprob", out var number)
        && number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    private static List<int>? BytesOf(JsonElement token)
    {
        if (!token.TryGetProperty("bytes", out var bytes) || bytes.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var all = new List<int>(bytes.GetArrayLength());
        foreach (var value in bytes.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
            {
                return null;
            }

            all.Add(number);
        }

        return all;
    }
}
