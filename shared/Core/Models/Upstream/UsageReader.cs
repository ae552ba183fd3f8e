using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// Reads token counts under all of their names: <c>prompt_tokens</c>/<c>completion_tokens</c> (chat completions),
/// <c>input_tokens</c>/<c>output_tokens</c> (Responses, Anthropic), <c>prompt_eval_count</c>/<c>eval_count</c> (Ollama), <c>timings</c>
/// (llama.cpp); cached ones also as <c>prompt_cache_hit_tokens</c> (DeepSeek), <c>cached_tokens</c> (Moonshot) or
/// <c>cache_read_input_tokens</c> (Anthropic); the cost in dollars (OpenRouter). Counts that are all zero count as none. Anthropic does not
/// count tokens read from and written to its cache as <c>input_tokens</c>; here they are part of the input, and
/// <see cref="ModelProperties.CacheWrites"/> among the additional counts is the part written to the cache.
/// </summary>
internal static class UsageReader
{
    /// <summary>Reads the object the reader stands on; null for anything else, such as <c>null</c>.</summary>
    public static UsageDetails? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var counts = new UsageCounts();
        counts.Add(ref reader);
        return counts.ToDetails();
    }

    public static UsageDetails? Read(JsonElement usage)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(usage));
        reader.Read();
        return Read(ref reader);
    }

    /// <summary>Reads the property the reader stands on when it holds usage: <c>usage</c>, of a chunk or of a choice (Moonshot);
    /// <c>timings</c> (llama.cpp); <c>x_groq.usage</c>.</summary>
    /// <param name="usage">What was read before; several usages of one answer are cumulative.</param>
    /// <returns>False when the property holds no usage; the reader has not moved then.</returns>
    public static bool TryRead(ref Utf8JsonReader reader, ref UsageDetails? usage)
    {
        if (reader.ValueTextEquals("usage"u8) || reader.ValueTextEquals("timings"u8))
        {
            reader.Read();
            usage = Later(usage, Read(ref reader));
            return true;
        }

        if (!reader.ValueTextEquals("x_groq"u8))
        {
            return false;
        }

        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryRead(ref reader, ref usage))
            {
                reader.Skip();
            }
        }

        return true;
    }

    /// <summary>Merges two usages of one answer: the higher of each count. Some providers send the sum so far with each chunk, some send
    /// zeros at the end.</summary>
    public static UsageDetails? Later(UsageDetails? first, UsageDetails? second)
    {
        if (first is null || second is null)
        {
            return second ?? first;
        }

        second.InputTokenCount = Higher(first.InputTokenCount, second.InputTokenCount);
        second.OutputTokenCount = Higher(first.OutputTokenCount, second.OutputTokenCount);
        second.CachedInputTokenCount = Higher(first.CachedInputTokenCount, second.CachedInputTokenCount);
        second.ReasoningTokenCount = Higher(first.ReasoningTokenCount, second.ReasoningTokenCount);
        second.TotalTokenCount = second.InputTokenCount + second.OutputTokenCount;
        foreach (var (name, count) in first.AdditionalCounts ?? [])
        {
            second.AdditionalCounts ??= [];
            second.AdditionalCounts[name] = Math.Max(count, second.AdditionalCounts.GetValueOrDefault(name));
        }

        return second;
    }

    private static long? Higher(long? first, long? second) => first > second ? first : second ?? first;
}
