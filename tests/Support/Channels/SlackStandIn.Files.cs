using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>Uploads in three steps, and files that people sent.</summary>
public sealed partial class SlackStandIn
{
    private readonly Dictionary<string, (string Name, int Length, byte[]? Content)> _uploads = [];
    private readonly Dictionary<string, string> _shared = [];
    private readonly Dictionary<string, byte[]> _files = [];

    /// <returns>The address that an event names as <c>url_private</c>.</returns>
    public string AddFile(string name, byte[] content)
    {
        lock (State)
        {
            _files[name] = content;
        }

        return $"{Origin}/files-pri/{TeamId}-F1/{name}";
    }

    private PlatformAnswer Describe(string file) => !_uploads.ContainsKey(file) && !_shared.ContainsKey(file) ? Refuse("file_not_found")
        : Succeed(new()
        {
            ["file"] = new JsonObject
            {
                ["id"] = file,
                ["shares"] = _shared.TryGetValue(file, out var channel)
                    ? new JsonObject { ["public"] = new JsonObject { [channel] = new JsonArray() } } : new JsonObject(),
            },
        });

    /// <summary>Without the token Slack answers a page to log in, with 200.</summary>
    private PlatformAnswer GiveFile(PlatformCall call) =>
        call.Authorization == "Bearer " + Token && _files.TryGetValue(call.Path.Split('/')[^1], out var file)
            ? new(200, null, Bytes: file, ContentType: "application/octet-stream")
            : new(200, null, Bytes: Encoding.UTF8.GetBytes("<!DOCTYPE html><title>Sign in</title>"), ContentType: "text/html");

    private PlatformAnswer GetUploadUrl(PlatformCall call)
    {
        if (call.IsJson || call["filename"] is not { Length: > 0 } name || call.Number("length") is not (> 0 and var length))
        {
            return Refuse("invalid_arguments"); // this method takes forms only
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"F{++_last:D8}");
        _uploads[id] = (name, (int)length, null);
        return Succeed(new() { ["upload_url"] = $"{Origin}/upload/v1/{id}", ["file_id"] = id });
    }

    private PlatformAnswer TakeUpload(PlatformCall call)
    {
        var id = call.Path.Split('/')[^1];
        var content = call.Uploads is [var file, ..] ? file.Content : call.Body;
        if (!_uploads.TryGetValue(id, out var upload) || content.Length != upload.Length)
        {
            return new(400, null, Bytes: Encoding.UTF8.GetBytes("invalid upload"), ContentType: "text/plain");
        }

        _uploads[id] = upload with { Content = content };
        return new(200, null, Bytes: Encoding.UTF8.GetBytes($"OK - {content.Length}"), ContentType: "text/plain");
    }

    private PlatformAnswer CompleteUpload(PlatformCall call)
    {
        if (RefusalOf(call["channel_id"]) is { } refusal)
        {
            return refusal;
        }

        var files = (call.Json("files") as JsonArray ?? []).Select(f => f!["id"]!.GetValue<string>()).ToList();
        if (files.Count == 0 || files.Exists(id => !_uploads.TryGetValue(id, out var upload) || upload.Content is null))
        {
            return Refuse("file_not_found");
        }

        foreach (var (name, _, content) in files.Select(id => _uploads[id]))
        {
            _messages.Add(new(NextTs(), call["channel_id"]!, call["initial_comment"] ?? "", call["thread_ts"], null, (name, content!)));
        }

        files.ForEach(id => _uploads.Remove(id));
        files.ForEach(id => _shared[id] = call["channel_id"]!);
        return Succeed(new() { ["files"] = new JsonArray([.. files.Select(id => new JsonObject { ["id"] = id })]) });
    }
}
