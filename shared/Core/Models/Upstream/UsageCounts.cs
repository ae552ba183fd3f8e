using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Upstream;

/// <summary>The counts of one usage object, each by the name that it came under, and what they mean together.</summary>
internal sealed class UsageCounts
{
    /// <summary>Higher counts are cut to this, so that sums cannot overflow.</summary>
    private const long Most = 1_000_000_000_000;

    private const double NanosPerDollar = 1e9;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _nanoUsd;

    /// <param name="reader">Stands on the start of the object; afterwards on its end.</param>
    public void Add(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.Number when name is "cost" or "total_cost":
                    _nanoUsd = Math.Max(_nanoUsd, (long)Math.Clamp(reader.GetDouble() * NanosPerDollar, 0, long.MaxValue / 2));
                    break;
                case JsonTokenType.Number:
                    Add(name, reader.TryGetInt64(out var count) ? count : (long)Math.Clamp(reader.GetDouble(), 0, Most));
                    break;
                case JsonTokenType.StartObject when name is "prompt_tokens_details" or "input_tokens_details" or "cache_creation"
                    or "completion_tokens_details" or "output_tokens_details" or "cost":
                    Add(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>What the counts say; null when they say nothing, or nothing but zeros.</summary>
    public UsageDetails? ToDetails()
    {
        var (input, output) = Totals(out var apart);
        var total = Of("total_tokens") ?? 0;
        var isApart = apart > 0 && (total == 0 || total >= input + output + apart);
        input += isApart ? apart : 0;
        var reasoning = Of("reasoning_tokens");
        if (total > input + output)
        {
            output = total - input; // reasoning that is in the sum alone: Gemini's compatible API, xAI
        }
        else if (total == 0 && reasoning > output)
        {
            output += reasoning ?? 0;
        }

        if (input + output == 0)
        {
            return null;
        }

        var usage = new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = Of(
                "cached_tokens", "cache_read_input_tokens", "prompt_cache_hit_tokens", "num_cached_tokens", "cache_n"),
            ReasoningTokenCount = reasoning,
        };
        Add(usage, ModelProperties.CacheWrites, CacheWrites);
        Add(usage, ModelProperties.CostNanoUsd, _nanoUsd);
        return usage;
    }

    private long CacheWrites => Of("cache_creation_input_tokens", "cache_write_tokens")
        ?? (Of("ephemeral_5m_input_tokens") ?? 0) + (Of("ephemeral_1h_input_tokens") ?? 0);

    /// <summary>Input and output by the names of chat completions, unless those of Responses and Anthropic say more: new-api sends both,
    /// one of them as zeros.</summary>
    /// <param name="apart">Input tokens that are not in the input.</param>
    private (long Input, long Output) Totals(out long apart)
    {
        var chat = (Input: Of("prompt_tokens") ?? 0, Output: Of("completion_tokens") ?? 0);
        var own = (Input: Of("input_tokens") ?? 0, Output: Of("output_tokens") ?? 0);
        apart = 0;
        if (chat.Input + chat.Output < own.Input + own.Output)
        {
            apart = (Of("cache_read_input_tokens") ?? 0) + CacheWrites;
            return own;
        }

        if (chat.Input + chat.Output > 0)
        {
            return chat;
        }

        // Ollama, llama.cpp's "timings", DeepSeek without a sum.
        var cached = (Of("prompt_cache_hit_tokens") ?? 0) + (Of("prompt_cache_miss_tokens") ?? 0);
        var input = Of("prompt_eval_count") ?? (Of("prompt_n") is { } read ? read + (Of("cache_n") ?? 0) : cached);
        return (input, Of("eval_count", "predicted_n") ?? 0);
    }

    private void Add(string name, long count) =>
        _counts[name] = Math.Max(_counts.GetValueOrDefault(name), Math.Clamp(count, 0, Most));

    private static void Add(UsageDetails usage, string name, long count)
    {
        if (count > 0)
        {
            (usage.AdditionalCounts ??= [])[name] = count;
        }
    }

    /// <summary>The highest of the counts that were sent; null when none was.</summary>
    private long? Of(params ReadOnlySpan<string> names)
    {
        long? most = null;
        foreach (var name in names)
        {
            if (_counts.TryGetValue(name, out var count))
            {
                most = Math.Max(most ?? 0, count);
            }
        }

        return most;
    }
}
