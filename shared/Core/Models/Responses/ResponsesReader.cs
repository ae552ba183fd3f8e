using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Responses;

/// <summary>
/// Turns the events of one Responses answer into updates; a whole response is read as its terminal event would be.
/// Events without new content (<c>in_progress</c>, <c>content_part.*</c>, unknown ones) are skipped unparsed.
/// </summary>
internal sealed class ResponsesReader(ProviderTransport transport)
{
    private readonly Dictionary<int, OpenItem> _items = [];
    private string? _responseId;
    private string? _model;
    private int _calls;

    /// <summary>The terminal event was read; it gave the last update.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>Reads one event; null when it has no new content.</summary>
    /// <exception cref="GatewayException">The provider's error, or <c>upstream_protocol</c>.</exception>
    public ChatResponseUpdate? Read(ReadOnlySpan<byte> data)
    {
        try
        {
            return ReadEvent(ResponsesEvent.Parse(data));
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }
    }

    /// <summary>Reads a whole response, from a provider that does not stream.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public IEnumerable<ChatResponseUpdate> ReadWhole(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return ReadWhole(JsonElement.ParseValue(ref reader));
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }
    }

    private List<ChatResponseUpdate> ReadWhole(JsonElement response)
    {
        if (response.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
        {
            throw Failed(error);
        }

        var contents = new List<AIContent>();
        Remember(response);
        var index = 0;
        foreach (var item in response.GetProperty("output").EnumerateArray())
        {
            contents.AddRange(ItemDone(index++, item));
        }

        return [Update(contents), Terminal(response)];
    }

    private ChatResponseUpdate? ReadEvent(ResponsesEvent e)
    {
        var index = e.OutputIndex;
        switch (e.Type)
        {
            case "response.created":
                Remember(e.Response);
                return null;
            case "response.output_text.delta":
                return e.Logprobs is { } logprobs
                    ? Piece(index, new TextContent(e.Delta), new LogprobsContent(logprobs))
                    : Piece(index, new TextContent(e.Delta));
            case "response.refusal.delta":
                return Piece(index, new RefusalDelta(e.Delta));
            case "response.reasoning_summary_text.delta":
                return Piece(index, ModelProperties.ReasoningSummary(e.Delta));
            case "response.reasoning_text.delta" or "response.reasoning.delta":
                return Piece(index, new TextReasoningContent(e.Delta));
            case "response.output_item.added":
                return Contents(ItemAdded(index, e.Item));
            case "response.function_call_arguments.delta":
                var open = _items[index];
                return Piece(index, new ToolCallDelta(open.Call ?? throw new JsonException(), null, null, e.Delta));
            case "response.output_item.done":
                return Contents(ItemDone(index, e.Item));
            case "response.completed" or "response.incomplete" or "response.done":
                Remember(e.Response);
                return Terminal(e.Response);
            case "response.failed" or "response.cancelled":
                throw Failed(e.Response.TryGetProperty("error", out var error) ? error : default);
            case "error":
                throw Failed(e.Whole);
            default:
                return null;
        }
    }

    private ChatResponseUpdate Piece(int index, params List<AIContent> contents)
    {
        if (!_items.TryGetValue(index, out var item))
        {
            _items[index] = item = new OpenItem();
        }

        item.SawDelta = true;
        return Update(contents);
    }

    private List<AIContent> ItemAdded(int index, JsonElement item)
    {
        var open = new OpenItem();
        _items[index] = open;
        if (item.GetProperty("type").GetString() != "function_call")
        {
            return [];
        }

        open.Call = _calls++;
        return [new ToolCallDelta(open.Call.Value, item.GetProperty("call_id").GetString(), item.GetProperty("name").GetString(), "")];
    }

    // Servers that send no deltas send the whole text here; after deltas, only the part that the deltas lack is new.
    private List<AIContent> ItemDone(int index, JsonElement item)
    {
        var contents = new List<AIContent>();
        if (!_items.TryGetValue(index, out var open))
        {
            contents.AddRange(ItemAdded(index, item));
            open = _items[index];
        }

        switch (item.GetProperty("type").GetString())
        {
            case "function_call" when !open.SawDelta && open.Call is { } call:
                contents.Add(new ToolCallDelta(call, null, null, item.GetProperty("arguments").GetString() ?? ""));
                break;
            case "message" when !open.SawDelta:
                contents.AddRange(item.GetProperty("content").EnumerateArray().SelectMany(PartsOf));
                break;
            case "reasoning":
                AddReasoning(contents, item, open);
                break;
        }

        return contents;
    }

    private static void AddReasoning(List<AIContent> contents, JsonElement item, OpenItem open)
    {
        if (!open.SawDelta && item.TryGetProperty("summary", out var summary) && summary.ValueKind == JsonValueKind.Array)
        {
            contents.AddRange(summary.EnumerateArray()
                .Select(part => ModelProperties.ReasoningSummary(part.GetProperty("text").GetString() ?? "")));
        }

        if (item.TryGetProperty("encrypted_content", out var encrypted) && encrypted.GetString() is { } data)
        {
            contents.Add(new TextReasoningContent("") { ProtectedData = data });
        }
    }

    private static IEnumerable<AIContent> PartsOf(JsonElement part)
    {
        switch (part.GetProperty("type").GetString())
        {
            case "output_text":
                yield return new TextContent(part.GetProperty("text").GetString());
                if (part.TryGetProperty("logprobs", out var tokens) && LogprobReader.Read(tokens) is { } logprobs)
                {
                    yield return new LogprobsContent(logprobs);
                }

                break;
            case "refusal":
                yield return new RefusalDelta(part.GetProperty("refusal").GetString() ?? "");
                break;
        }
    }

    private void Remember(JsonElement response)
    {
        _responseId = response.TryGetProperty("id", out var id) ? id.GetString() : _responseId;
        _model = response.TryGetProperty("model", out var model) ? model.GetString() : _model;
    }

    private ChatResponseUpdate Terminal(JsonElement response)
    {
        HasFinished = true;
        var reason = response.TryGetProperty("incomplete_details", out var details) && details.ValueKind == JsonValueKind.Object
            && details.TryGetProperty("reason", out var value) ? value.GetString() : null;
        var usage = response.TryGetProperty("usage", out var counts) ? UsageReader.Read(counts) : null;
        var update = Update(usage is null ? [] : [new UsageContent(usage)]);
        update.FinishReason = reason switch
        {
            "content_filter" => ChatFinishReason.ContentFilter,
            not null => ChatFinishReason.Length,
            _ => _calls > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        };
        return update;
    }

    private GatewayException Failed(JsonElement element)
    {
        var error = UpstreamError.From(element);
        transport.LogErrorInStream(error);
        return new GatewayException(error.ToGatewayErrorInStream());
    }

    private ChatResponseUpdate? Contents(List<AIContent> contents) => contents.Count > 0 ? Update(contents) : null;

    private ChatResponseUpdate Update(List<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ResponseId = _responseId, ModelId = _model };

    private sealed class OpenItem
    {
        /// <summary>Which call this is, from 0; null for other items.</summary>
        public int? Call { get; set; }

        public bool SawDelta { get; set; }
    }
}
