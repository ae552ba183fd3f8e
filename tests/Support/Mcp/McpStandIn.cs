using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Tests.Support.Mcp;

/// <summary>A server of the protocol that says whatever a test wants. Without changes it has one tool, <c>find</c>.</summary>
internal sealed class McpStandIn : IAsyncDisposable
{
    public const string Tool = """{"name":"find","description":"Finds it","inputSchema":{"type":"object"}}""";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _methods = new();

    private McpStandIn(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/mcp";

    /// <summary>What it was asked, in order: the methods of JSON-RPC, of other requests those of HTTP.</summary>
    public IReadOnlyList<string> Methods => [.. _methods];

    /// <summary>How it answers a method; the others as usual. The second argument is the message.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, JsonElement, Task>> Answers { get; } = new();

    public static async Task<McpStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new McpStandIn(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Sends a result, as it should be.</summary>
    public static Task AnswerAsync(HttpContext context, JsonElement message, string result) =>
        WriteAsync(context, $$$"""{"jsonrpc":"2.0","id":{{{message.GetProperty("id").GetRawText()}}},"result":{{{result}}}}""");

    public static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            _methods.Enqueue(context.Request.Method);
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var message = body.RootElement;
        var method = message.GetProperty("method").GetString()!;
        _methods.Enqueue(method);
        if (Answers.TryGetValue(method, out var answer))
        {
            await answer(context, message);
            return;
        }

        switch (method)
        {
            case "initialize":
                await AnswerAsync(
                    context, message,
                    """{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"stand-in","version":"1"}}""");
                break;
            case "tools/list":
                await AnswerAsync(context, message, $$$"""{"tools":[{{{Tool}}}]}""");
                break;
            case "tools/call":
                var said = new JsonObject
                {
                    ["content"] = new JsonArray(
                        new JsonObject { ["type"] = "text", ["text"] = message.GetProperty("params").GetRawText() }),
                };
                await AnswerAsync(context, message, said.ToJsonString());
                break;
            case var _ when message.TryGetProperty("id", out var id):
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await WriteAsync(
                    context, $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"error":{"code":-32601,"message":"Method not found"}}""");
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
        }
    }
}
