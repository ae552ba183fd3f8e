using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// Reads token counts under all of their names: <c>prompt_tokens</c>/<c>completion_tokens</c> (chat completions),
/// <c>input_tokens</c>/<c>output_tokens</c> (Responses, Anthropic), cached ones also as <c>prompt_cache_hit_tokens</c>
/// (DeepSeek) or <c>cache_read_input_tokens</c> (Anthropic). A missing total is the sum. Anthropic does not count tokens read
/// from and written to its cache as <c>input_tokens</c>; here they are part of the input, and
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

        var usage = new UsageDetails();
        var (apart, isApart) = (0L, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
            {
                isApart = reader.ValueTextEquals("input_tokens"u8);
                usage.InputTokenCount = ReadCount(ref reader) ?? usage.InputTokenCount;
            }
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
            {
                usage.OutputTokenCount = ReadCount(ref reader) ?? usage.OutputTokenCount;
            }
            else if (reader.ValueTextEquals("total_tokens"u8))
            {
                usage.TotalTokenCount = ReadCount(ref reader) ?? usage.TotalTokenCount;
            }
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
            {
                usage.CachedInputTokenCount = ReadCount(ref reader) ?? usage.CachedInputTokenCount;
                apart += usage.CachedInputTokenCount ?? 0;
            }
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                if (ReadCount(ref reader) is { } written)
                {
                    apart += written;
                    usage.AdditionalCounts = new() { [ModelProperties.CacheWrites] = written };
                }
            }
            else if (reader.ValueTextEquals("prompt_cache_hit_tokens"u8) || reader.ValueTextEquals("cached_tokens"u8))
            {
                usage.CachedInputTokenCount = ReadCount(ref reader) ?? usage.CachedInputTokenCount;
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8))
            {
                usage.CachedInputTokenCount = ReadDetail(ref reader, "cached_tokens"u8) ?? usage.CachedInputTokenCount;
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8))
            {
                usage.ReasoningTokenCount = ReadDetail(ref reader, "reasoning_tokens"u8) ?? usage.ReasoningTokenCount;
            }
            else
            {
                reader.Skip();
            }
        }

        usage.InputTokenCount += isApart ? apart : 0;
        usage.TotalTokenCount ??= usage.InputTokenCount + usage.OutputTokenCount;
        return usage;
    }

    public static UsageDetails? Read(JsonElement usage)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(usage));
        reader.Read();
        return Read(ref reader);
    }

    /// <summary>Merges two usages of one answer, the first from its start: the higher of each count, and their sum.</summary>
    public static UsageDetails Later(UsageDetails? first, UsageDetails second)
    {
        if (first is null)
        {
            return second;
        }

        second.InputTokenCount = Higher(first.InputTokenCount, second.InputTokenCount);
        second.OutputTokenCount = Higher(first.OutputTokenCount, second.OutputTokenCount);
        second.CachedInputTokenCount = Higher(first.CachedInputTokenCount, second.CachedInputTokenCount);
        second.TotalTokenCount = second.InputTokenCount + second.OutputTokenCount;
        second.AdditionalCounts ??= first.AdditionalCounts;
        return second;
    }

    private static long? Higher(long? first, long? second) => first > second ? first : second ?? first;

    private static long? ReadDetail(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        long? count = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                count = ReadCount(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return count;
    }

    private static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
        {
            reader.Skip();
            return null;
        }

        return Math.Max(0, reader.TryGetInt64(out var count) ? count : (long)reader.GetDouble());
    }
}
