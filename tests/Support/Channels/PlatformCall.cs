using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>One request to a platform, whatever the encoding of its parameters.</summary>
/// <param name="Operation">The platform's name for it, such as <c>chat.postMessage</c>.</param>
/// <param name="Parameters">Of the query and of the body; those of forms are strings, <c>payload_json</c> is taken apart.</param>
/// <param name="IsJson">The body was declared and sent as JSON.</param>
/// <param name="Body">The body's bytes unless it was a form.</param>
public sealed record PlatformCall(
    string Operation,
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    JsonObject Parameters,
    bool IsJson,
    IReadOnlyList<PlatformUpload> Uploads,
    byte[] Body)
{
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    /// <summary>A parameter as text; null when it is absent.</summary>
    public string? this[string name] => Parameters[name] is { } value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() : null;

    public long Number(string name) => long.TryParse(this[name], out var number) ? number : 0;

    public bool Flag(string name) => this[name] is "true" or "True" or "1";

    /// <summary>A parameter that is JSON, sent as such or, as forms do, as text.</summary>
    public JsonNode? Json(string name) => Parameters[name] is JsonValue value && value.TryGetValue<string>(out var text)
        ? JsonNode.Parse(text) : Parameters[name];

    internal static async Task<PlatformCall> ReadAsync(string operation, HttpRequest request)
    {
        var parameters = new JsonObject();
        List<PlatformUpload> uploads = [];
        var body = Array.Empty<byte>();
        var isJson = false;
        foreach (var (name, value) in request.Query)
        {
            parameters[name] = value.ToString();
        }

        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync();
            foreach (var (name, value) in form)
            {
                parameters[name] = value.ToString();
            }

            foreach (var file in form.Files)
            {
                using var bytes = new MemoryStream();
                await file.CopyToAsync(bytes);
                uploads.Add(new(file.Name, file.FileName, file.ContentType, bytes.ToArray()));
            }

            Merge(parameters, parameters["payload_json"] is { } payload ? JsonNode.Parse(payload.GetValue<string>()) : null);
            parameters.Remove("payload_json");
        }
        else
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            body = bytes.ToArray();
            isJson = request.HasJsonContentType() && body.Length > 0;
            Merge(parameters, isJson ? JsonNode.Parse(body) : null);
        }

        return new(
            operation,
            request.Method,
            request.Path,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            parameters,
            isJson,
            uploads,
            body);
    }

    private static void Merge(JsonObject parameters, JsonNode? json)
    {
        foreach (var (name, value) in json as JsonObject ?? [])
        {
            parameters[name] = value?.DeepClone();
        }
    }
}

/// <summary>A file in a multipart form.</summary>
public sealed record PlatformUpload(string Field, string FileName, string? ContentType, byte[] Content);
