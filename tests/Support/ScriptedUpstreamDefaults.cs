using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenClaw.Tests.Support;

/// <summary>What a <see cref="ScriptedUpstream"/> answers when a test says nothing else: it echoes.</summary>
internal static partial class UpstreamDefaults
{
    public static Task AnswerAsync(UpstreamCall call) => OperationOf(call.Request.Path) switch
    {
        "/chat/completions" => ChatAsync(call),
        "/responses" => ResponsesAsync(call),
        "/messages" => MessagesAsync(call),
        "/embeddings" => EmbeddingsAsync(call),
        "/models" => call.RespondAsync(
            200, """{"object":"list","data":[{"id":"test-model","object":"model","type":"model"}],"has_more":false}"""),
        _ => call.RespondAsync(404, """{"error":{"message":"no such path","type":"invalid_request_error"}}"""),
    };

    // Below /v1, /openai/v1, /openai/deployments/{name}, or /openai.
    private static string OperationOf(string path) => Base().Replace(path.Split('?')[0], "");

    [GeneratedRegex("^(/openai)?/(v1|deployments/[^/]+)(?=/)|^/openai(?=/)")]
    private static partial Regex Base();

    private static Task ChatAsync(UpstreamCall call)
    {
        var text = Echo(call);
        if (call.Request.Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True)
        {
            return call.StreamTextAsync([.. Words(text)]);
        }

        var answer = new JsonObject
        {
            ["id"] = "chatcmpl-mock",
            ["object"] = "chat.completion",
            ["model"] = call.Model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
                ["finish_reason"] = "stop",
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 3, ["completion_tokens"] = 2, ["total_tokens"] = 5 },
        };
        return call.RespondAsync(200, answer.ToJsonString());
    }

    private static async Task ResponsesAsync(UpstreamCall call)
    {
        var text = Echo(call);
        var sequence = 0;
        await call.StartStreamAsync();
        await SendAsync("response.created", new JsonObject { ["response"] = Response("in_progress") });
        await SendAsync("response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = Message("in_progress", "") });
        foreach (var word in Words(text))
        {
            await SendAsync("response.output_text.delta",
                new JsonObject { ["item_id"] = "msg_mock", ["output_index"] = 0, ["content_index"] = 0, ["delta"] = word });
        }

        await SendAsync("response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = Message("completed", text) });
        var completed = Response("completed");
        completed["output"] = new JsonArray(Message("completed", text));
        completed["usage"] = new JsonObject { ["input_tokens"] = 3, ["output_tokens"] = 2, ["total_tokens"] = 5 };
        await SendAsync("response.completed", new JsonObject { ["response"] = completed });

        Task SendAsync(string type, JsonObject fields)
        {
            var data = new JsonObject { ["type"] = type, ["sequence_number"] = sequence++ };
            foreach (var (name, value) in fields)
            {
                data[name] = value?.DeepClone();
            }

            return call.SendEventAsync(data.ToJsonString(), type);
        }

        JsonObject Response(string status) =>
            new()
            {
                ["id"] = "resp_mock",
                ["object"] = "response",
                ["status"] = status,
                ["model"] = call.Model,
                ["output"] = new JsonArray()
            };
    }

    private static async Task MessagesAsync(UpstreamCall call)
    {
        await call.StartStreamAsync();
        await SendAsync(new JsonObject
        {
            ["type"] = "message_start",
            ["message"] = new JsonObject
            {
                ["id"] = "msg_mock",
                ["type"] = "message",
                ["role"] = "assistant",
                ["model"] = call.Model,
                ["content"] = new JsonArray(),
                ["usage"] = new JsonObject { ["input_tokens"] = 3, ["output_tokens"] = 1 },
            },
        });
        await SendAsync(Block("content_block_start", "content_block", new JsonObject { ["type"] = "text", ["text"] = "" }));
        foreach (var word in Words(Echo(call)))
        {
            await SendAsync(Block("content_block_delta", "delta", new JsonObject { ["type"] = "text_delta", ["text"] = word }));
        }

        await SendAsync(new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        await SendAsync(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = "end_turn" },
            ["usage"] = new JsonObject { ["output_tokens"] = 2 },
        });
        await SendAsync(new JsonObject { ["type"] = "message_stop" });

        Task SendAsync(JsonObject data) => call.SendEventAsync(data.ToJsonString(), (string)data["type"]!);

        static JsonObject Block(string type, string name, JsonObject value) => new() { ["type"] = type, ["index"] = 0, [name] = value };
    }

    private static JsonObject Message(string status, string text) => new()
    {
        ["type"] = "message",
        ["id"] = "msg_mock",
        ["role"] = "assistant",
        ["status"] = status,
        ["content"] = text.Length == 0 ? []
            : new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() }),
    };

    // Vectors (1, 0, 0), (2, 0, 0) …, in the encoding asked for.
    private static Task EmbeddingsAsync(UpstreamCall call)
    {
        var input = call.Request.Body.GetProperty("input");
        var isBase64 = call.Request.Body.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        var data = new JsonArray();
        for (var i = 0; i < (input.ValueKind == JsonValueKind.Array ? input.GetArrayLength() : 1); i++)
        {
            float[] vector = [i + 1, 0, 0];
            JsonNode embedding = isBase64
                ? JsonValue.Create(Convert.ToBase64String([.. vector.SelectMany(BitConverter.GetBytes)]))
                : new JsonArray([.. vector.Select(value => (JsonNode)JsonValue.Create(value))]);
            data.Add((JsonNode)new JsonObject { ["object"] = "embedding", ["index"] = i, ["embedding"] = embedding });
        }

        var usage = new JsonObject { ["prompt_tokens"] = data.Count, ["total_tokens"] = data.Count };
        return call.RespondAsync(
            200, new JsonObject { ["object"] = "list", ["data"] = data, ["model"] = call.Model, ["usage"] = usage }.ToJsonString());
    }

    private static string Echo(UpstreamCall call) => call.LastUserText() is { Length: > 0 } text ? text : "ok";

    private static IEnumerable<string> Words(string text) =>
        text.Split(' ').Select((word, i) => i == 0 ? word : " " + word);
}
