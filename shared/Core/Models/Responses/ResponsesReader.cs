using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;
using OpenClaw.Sessions;

namespace OpenClaw.Models.Responses;

/// <summary>
/// Reads one answer of the Responses API. Every text comes up to four times: in deltas, in the <c>done</c> event of its part, in that of
/// its item, and in the terminal event. Servers leave out any of them, so each whole value gives what the ones before it lack.
/// Events without new content (<c>in_progress</c>, unknown ones) are skipped.
/// </summary>
internal sealed class ResponsesReader(ProviderTransport transport, int maxChars) : AnswerReader(transport, maxChars)
{
    private readonly ResponsesItems _items = new();

    protected override bool HasAnswer => true; // a response may be empty

    protected override bool IsDoneTheEnd => _items.AreAllDone;

    protected override void ReadDocument(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        var response = JsonElement.ParseValue(ref reader);
        CheckError(response);
        ModelJson.Expect(response.GetProperty("output").ValueKind == JsonValueKind.Array);
        ReadTerminal("response.done", response);
    }

    protected override void ReadEvent(string? name, ReadOnlySpan<byte> data)
    {
        var e = ResponsesEvent.Parse(name, data);
        switch (e.Type)
        {
            case "response.created":
                Remember(e.Response);
                break;
            case "response.output_text.delta":
                Add(_items.Find(e, "message"), ResponsesText.Text, e.Part, e.Delta);
                AddLogprobs(e.Logprobs);
                break;
            case "response.output_text.done":
                AddWhole(_items.Find(e, "message"), ResponsesText.Text, e.Part, ModelJson.PieceOf(e.Whole, "text"));
                break;
            case "response.refusal.delta":
                Add(_items.Find(e, "message"), ResponsesText.Refusal, e.Part, e.Delta);
                break;
            case "response.refusal.done":
                AddWhole(_items.Find(e, "message"), ResponsesText.Refusal, e.Part, ModelJson.PieceOf(e.Whole, "refusal"));
                break;
            case "response.reasoning_summary_text.delta":
                Add(_items.Find(e, "reasoning"), ResponsesText.Summary, e.Part, e.Delta);
                break;
            case "response.reasoning_summary_text.done":
                AddWhole(_items.Find(e, "reasoning"), ResponsesText.Summary, e.Part, ModelJson.PieceOf(e.Whole, "text"));
                break;
            case "response.reasoning_text.delta" or "response.reasoning.delta":
                Add(_items.Find(e, "reasoning"), ResponsesText.Reasoning, e.Part, e.Delta);
                break;
            case "response.reasoning_text.done" or "response.reasoning.done":
                AddWhole(_items.Find(e, "reasoning"), ResponsesText.Reasoning, e.Part, ModelJson.PieceOf(e.Whole, "text"));
                break;
            case "response.function_call_arguments.delta":
                AddArguments(_items.Find(e, "function_call"), e.Delta);
                break;
            case "response.function_call_arguments.done":
                var call = _items.Find(e, "function_call");
                StartCall(call, e.Whole);
                AddWholeArguments(call, e.Whole);
                break;
            case "response.output_item.added":
                Begin(e);
                break;
            case "response.output_item.done":
                AddItem(_items.FindOpen(e) ?? Begin(e), e.Item);
                break;
            case "response.completed" or "response.incomplete" or "response.done":
                ReadTerminal(e.Type, e.Response);
                break;
            case "response.failed" or "response.cancelled":
                throw Failed(UpstreamError.From(e.Response.TryGetProperty("error", out var error) ? error : default));
            case "error":
                throw Failed(UpstreamError.From(e.Whole));
            case null:
                CheckError(e.Whole);
                break;
        }
    }

    protected override void Complete(ChatFinishReason finish)
    {
        if (finish != ChatFinishReason.Length && _items.HasNamelessCall)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol()); // it never got a name
        }
    }

    private void CheckError(JsonElement element)
    {
        if (BareError.Is(element) || (element.TryGetProperty("error", out var error) && BareError.IsTold(error)))
        {
            throw Failed(UpstreamError.From(element));
        }
    }

    private ResponsesItem Begin(ResponsesEvent e)
    {
        Pieces.Take(1);
        var item = _items.Begin(e.OutputIndex, ModelJson.TextOf(e.Item, "id"), e.Item.GetProperty("type").GetString());
        StartCall(item, e.Item);
        return item;
    }

    private void StartCall(ResponsesItem item, JsonElement call)
    {
        if (item is { Type: "function_call", Call: null } && ModelJson.TextOf(call, "name") is { Length: > 0 } name)
        {
            (item.CallId, item.Name) = (ModelJson.TextOf(call, "call_id"), name);
            item.Call = Pieces.StartCall(item.CallId, name, item.Held.ToString());
        }
    }

    private void AddArguments(ResponsesItem item, string piece)
    {
        if (item.Call is { } call)
        {
            Pieces.Arguments(call, piece);
        }
        else
        {
            item.Held.Append(piece, 0, Pieces.Take(piece.Length));
        }
    }

    private void AddWholeArguments(ResponsesItem item, JsonElement call)
    {
        if (item.Call is { } number && ModelJson.PieceOf(call, "arguments") is { } arguments)
        {
            Pieces.WholeArguments(number, arguments);
        }
    }

    private void Add(ResponsesItem item, ResponsesText kind, int part, ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty)
        {
            Add(item, kind, part, text.ToString());
        }
    }

    private void Add(ResponsesItem item, ResponsesText kind, int part, string text)
    {
        item.Sent(kind, part).Add(text);
        item.Sent(kind).Add(text);
        switch (kind)
        {
            case ResponsesText.Text:
                Pieces.Text(text);
                break;
            case ResponsesText.Refusal:
                Pieces.Refusal(text);
                break;
            default:
                Pieces.Reasoning(text, isSummary: kind == ResponsesText.Summary);
                break;
        }
    }

    private void AddWhole(ResponsesItem item, ResponsesText kind, int part, string? whole) =>
        Add(item, kind, part, item.Sent(kind, part).RestOf(whole));

    /// <summary>Adds what is new in a whole item.</summary>
    private void AddItem(ResponsesItem item, JsonElement whole)
    {
        var isCut = ModelJson.TextOf(whole, "status") is "incomplete" or "in_progress";
        item.Type ??= ModelJson.TextOf(whole, "type");
        switch (item.Type)
        {
            case "function_call":
                StartCall(item, whole);
                AddWholeArguments(item, whole);
                if (item.Call is { } call && !isCut)
                {
                    Pieces.EndCall(call);
                }

                break;
            case "message":
                AddParts(item, whole, "content");
                break;
            case "reasoning":
                AddParts(item, whole, "summary");
                AddParts(item, whole, "content");
                AddSeal(item, whole);
                break;
        }

        item.IsDone = !isCut;
    }

    private void AddParts(ResponsesItem item, JsonElement whole, string name)
    {
        if (!whole.TryGetProperty(name, out var parts) || parts.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var texts = parts.EnumerateArray().Select(TextOf).OfType<(ResponsesText Kind, string Text)>().ToList();
        foreach (var kind in texts.Select(text => text.Kind).Distinct().ToList())
        {
            // Parts are compared together: not all servers number the parts of their deltas.
            var all = string.Concat(texts.Where(text => text.Kind == kind).Select(text => text.Text));
            var isNew = item.Sent(kind).Length == 0;
            Add(item, kind, 0, item.Sent(kind).RestOf(all));
            if (isNew && kind == ResponsesText.Text)
            {
                AddLogprobs([.. parts.EnumerateArray().SelectMany(LogprobsOf)]);
            }
        }
    }

    private static IReadOnlyList<TokenLogprob> LogprobsOf(JsonElement part) =>
        part.TryGetProperty("logprobs", out var tokens) ? LogprobReader.Read(tokens) ?? [] : [];

    private void AddLogprobs(IReadOnlyList<TokenLogprob>? logprobs)
    {
        if (logprobs is { Count: > 0 })
        {
            Pieces.Logprobs(new LogprobsContent(logprobs));
        }
    }

    private static (ResponsesText Kind, string Text)? TextOf(JsonElement part) => ModelJson.TextOf(part, "type") switch
    {
        "output_text" => (ResponsesText.Text, ModelJson.PieceOf(part, "text") ?? ""),
        "refusal" => (ResponsesText.Refusal, ModelJson.PieceOf(part, "refusal") ?? ""),
        "summary_text" => (ResponsesText.Summary, ModelJson.PieceOf(part, "text") ?? ""),
        "reasoning_text" => (ResponsesText.Reasoning, ModelJson.PieceOf(part, "text") ?? ""),
        _ => null,
    };

    private void AddSeal(ResponsesItem item, JsonElement whole)
    {
        // Behind later items it would be given back in an order that the provider refuses.
        if (!item.IsSealed && item == _items.Last && ModelJson.TextOf(whole, "encrypted_content") is { } data)
        {
            item.IsSealed = true;
            Pieces.Seal(data);
        }
    }

    private void Remember(JsonElement response)
    {
        ResponseId = ModelJson.TextOf(response, "id") ?? ResponseId;
        Model = ModelJson.TextOf(response, "model") ?? Model;
    }

    private void ReadTerminal(string type, JsonElement response)
    {
        var status = ModelJson.TextOf(response, "status");
        if (status is "failed" or "cancelled")
        {
            throw Failed(UpstreamError.From(response.TryGetProperty("error", out var error) ? error : default));
        }

        Remember(response);
        Usage = response.TryGetProperty("usage", out var counts) ? UsageReader.Read(counts) ?? Usage : Usage;
        var before = Pieces.Count;
        AddOutput(response);
        var reason = response.TryGetProperty("incomplete_details", out var details) && details.ValueKind == JsonValueKind.Object
            ? ModelJson.TextOf(details, "reason")
            : null;
        var isCut = status == "incomplete" || type == "response.incomplete";
        HasTerminated = type != "response.done" || status is null or "completed" or "incomplete";
        Note(before, reason ?? (isCut ? "length" : HasTerminated ? "stop" : null));
    }

    /// <summary>Adds what is new in the output of a whole response.</summary>
    private void AddOutput(JsonElement response)
    {
        if (!response.TryGetProperty("output", out var output) || output.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var (item, whole) in _items.Match(output))
        {
            if (!item.IsDone)
            {
                AddItem(item, whole);
            }
        }
    }
}
