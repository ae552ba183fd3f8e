using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpenClaw.Tests.Support;

/// <summary>One request at the <see cref="ScriptedUpstream"/>, and what can be done with it. Every send is flushed.</summary>
public sealed class UpstreamCall
{
    private const string Id = "chatcmpl-mock";

    private readonly HttpContext _context;
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UpstreamCall(HttpContext context, UpstreamRequest request)
    {
        _context = context;
        Request = request;
        context.RequestAborted.Register(() => _clientGone.TrySetResult());
    }

    public UpstreamRequest Request { get; }

    /// <summary>Completes when the gateway closed the connection or cancelled.</summary>
    public Task ClientGone => _clientGone.Task;

    /// <summary>Cancelled when the gateway is gone.</summary>
    public CancellationToken Aborted => _context.RequestAborted;

    /// <summary>The model the request names.</summary>
    public string Model => Request.Body.TryGetProperty("model", out var model) ? model.GetString() ?? "" : "";

    /// <summary>Answers in one piece.</summary>
    public Task RespondAsync(
        int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        RespondBytesAsync(status, Encoding.UTF8.GetBytes(body), [("Content-Type", contentType), .. headers]);

    /// <summary>Answers in one piece; JSON unless a header says otherwise.</summary>
    public async Task RespondBytesAsync(int status, byte[] body, params (string Name, string Value)[] headers)
    {
        _context.Response.StatusCode = status;
        _context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            _context.Response.Headers[name] = value;
        }

        await _context.Response.Body.WriteAsync(body, Aborted);
    }

    /// <summary>Sends status 200 and the headers of an event stream.</summary>
    public async Task StartStreamAsync(string contentType = "text/event-stream")
    {
        _context.Response.ContentType = contentType;
        _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await _context.Response.StartAsync(Aborted);
        await _context.Response.Body.FlushAsync(Aborted);
    }

    /// <summary>Sends exactly these bytes.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        await _context.Response.Body.WriteAsync(bytes, Aborted);
        await _context.Response.Body.FlushAsync(Aborted);
    }

    /// <summary>Sends exactly this text.</summary>
    public Task SendRawAsync(string text) => SendBytesAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends one event; <c>[DONE]</c> or JSON.</summary>
    public Task SendEventAsync(string data, string? name = null) =>
        SendRawAsync((name is null ? "" : $"event: {name}\n") + $"data: {data}\n\n");

    /// <summary>Sends a chat completion chunk with this <c>delta</c>.</summary>
    public Task SendChunkAsync(JsonObject delta, string? finishReason = null, JsonObject? usage = null)
    {
        var chunk = new JsonObject
        {
            ["id"] = Id,
            ["object"] = "chat.completion.chunk",
            ["created"] = 1,
            ["model"] = Model,
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason }),
        };
        if (usage is not null)
        {
            chunk["usage"] = usage;
        }

        return SendEventAsync(chunk.ToJsonString());
    }

    /// <summary>Sends a chat completion chunk with a piece of text.</summary>
    public Task SendDeltaAsync(string text) => SendChunkAsync(new JsonObject { ["content"] = text });

    /// <summary>Sends a chat completion chunk with a piece of a tool call; id and name belong to the first piece.</summary>
    public Task SendCallAsync(int index, string? id, string? name, string arguments)
    {
        var function = new JsonObject { ["arguments"] = arguments };
        var call = new JsonObject { ["index"] = index, ["function"] = function };
        if (id is not null)
        {
            (call["id"], call["type"], function["name"]) = (id, "function", name);
        }

        return SendChunkAsync(new JsonObject { ["tool_calls"] = new JsonArray(call) });
    }

    /// <summary>Ends a chat completion stream: finish reason, usage, <c>[DONE]</c>.</summary>
    public async Task FinishAsync(string finishReason = "stop", int promptTokens = 3, int completionTokens = 2)
    {
        await SendChunkAsync([], finishReason);
        await SendEventAsync(new JsonObject
        {
            ["id"] = Id,
            ["choices"] = new JsonArray(),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = promptTokens,
                ["completion_tokens"] = completionTokens,
                ["total_tokens"] = promptTokens + completionTokens,
            },
        }.ToJsonString());
        await SendEventAsync("[DONE]");
    }

    /// <summary>A whole chat completion stream of these pieces of text.</summary>
    public async Task StreamTextAsync(params string[] pieces)
    {
        await StartStreamAsync();
        foreach (var piece in pieces)
        {
            await SendDeltaAsync(piece);
        }

        await FinishAsync();
    }

    /// <summary>Resets the connection, whatever was sent.</summary>
    public void Reset() => _context.Abort();

    /// <summary>Never answers; returns when the gateway has gone.</summary>
    public Task HangAsync() => ClientGone;

    /// <summary>The text of the last user message, in any of the shapes requests have; empty when there is none.</summary>
    public string LastUserText()
    {
        var items = Request.Body.TryGetProperty("messages", out var messages) ? messages
            : Request.Body.TryGetProperty("input", out var input) ? input
            : default;
        if (items.ValueKind == JsonValueKind.String)
        {
            return items.GetString()!;
        }

        var last = items.ValueKind != JsonValueKind.Array ? default
            : items.EnumerateArray().LastOrDefault(item => item.TryGetProperty("role", out var role) && role.GetString() == "user");
        return last.ValueKind != JsonValueKind.Object || !last.TryGetProperty("content", out var content) ? ""
            : content.ValueKind == JsonValueKind.String ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : ""));
    }
}
