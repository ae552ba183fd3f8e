using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace OpenClaw.Bench;

/// <summary>A model provider that answers every chat request with the same 20 deltas: at once, or like a fast model, one every few
/// milliseconds, so that each travels by itself.</summary>
internal static class CannedUpstream
{
    /// <summary>The model whose deltas come one by one.</summary>
    public const string PacedModel = "bench-paced";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private static readonly byte[][] Events = CreateEvents();

    public static async Task<int> RunAsync()
    {
        await using var app = BenchServer.Create();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var paced = (await reader.ReadToEndAsync()).Contains(PacedModel, StringComparison.Ordinal);
            context.Response.ContentType = "text/event-stream";
            foreach (var chunk in Events)
            {
                await context.Response.Body.WriteAsync(chunk);
                await context.Response.Body.FlushAsync();
                if (paced)
                {
                    await Task.Delay(Pace);
                }
            }
        });
        await BenchServer.ServeAsync(app);
        return 0;
    }

    private static byte[][] CreateEvents()
    {
        const string head = """data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1750000000,"model":"bench-model","choices":[{"index":0,"delta":""";
        var events = new List<string> { head + """{"role":"assistant","content":""},"finish_reason":null}]}""" };
        for (var i = 0; i < 20; i++)
        {
            events.Add(head + $$$"""{"content":"token {{{i}}} of the answer "},"finish_reason":null}]}""");
        }

        events.Add(head + """{},"finish_reason":"stop"}]}""");
        events.Add("""data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1750000000,"model":"bench-model","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":60,"total_tokens":80}}""");
        events.Add("data: [DONE]");
        return [.. events.Select(e => Encoding.UTF8.GetBytes(e + "\n\n"))];
    }
}

/// <summary>A Kestrel with nothing on it.</summary>
internal static class BenchServer
{
    public static WebApplication Create()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        return builder.Build();
    }

    /// <summary>Prints the URL and serves until standard input closes.</summary>
    public static async Task ServeAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadLineAsync();
        await app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(1)).Token);
    }
}
