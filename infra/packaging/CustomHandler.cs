using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Packaging;

/// <summary>The files by which the Functions host runs the executable as a custom handler: one function for all of HTTP, and one
/// for each timer of the app.</summary>
public static class CustomHandler
{
    /// <summary>Serves every path; the app does the routing, authorization and answers for what does not exist.</summary>
    private const string HttpFunction = """
        {
          "bindings": [
            {
              "name": "req", "type": "httpTrigger", "direction": "in", "authLevel": "anonymous", "route": "{*path}",
              "methods": ["get", "head", "post", "put", "patch", "delete", "options"]
            },
            { "name": "$return", "type": "http", "direction": "out" }
          ]
        }
        """;

    /// <param name="host">The app's <c>host.json</c>; all of it stays.</param>
    /// <param name="metadata">The app's <c>functions.metadata</c>.</param>
    public static IEnumerable<PackageFile> Files(byte[] host, byte[] metadata)
    {
        var settings = JsonNode.Parse(host)!.AsObject();
        settings["customHandler"] = JsonNode.Parse(
            """{ "description": { "defaultExecutablePath": "openclaw", "arguments": ["custom-handler"] }, "enableProxyingHttpRequest": true }""");
        yield return Json("host.json", settings);
        yield return Json("Gateway/function.json", JsonNode.Parse(HttpFunction)!);
        foreach (var function in JsonNode.Parse(metadata)!.AsArray())
        {
            if ((string?)function!["bindings"]![0]!["type"] == "timerTrigger")
            {
                yield return Json($"{(string?)function["name"]}/function.json", new JsonObject { ["bindings"] = function["bindings"]!.DeepClone() });
            }
        }
    }

    private static PackageFile Json(string path, JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            node.WriteTo(writer);
        }

        stream.WriteByte((byte)'\n');
        return new PackageFile(path, stream.ToArray());
    }
}
