using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Bench;

/// <summary>The baseline: the least that any gateway in .NET does. Forwards the body, copies the answer chunk by chunk, and
/// answers <c>/health</c> itself.</summary>
internal static class PassThroughProxy
{
    public static async Task<int> RunAsync(string upstream)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        await using var app = BenchServer.Create();
        app.Run(async context =>
        {
            if (context.Request.Path == "/health")
            {
                await context.Response.WriteAsync("ok");
                return;
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, upstream + "/chat/completions")
            {
                Content = new StreamContent(context.Request.Body),
                Version = HttpVersion.Version11,
            };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = "text/event-stream";
            await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await BenchServer.ServeAsync(app);
        return 0;
    }
}
