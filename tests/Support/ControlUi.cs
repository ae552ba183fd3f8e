using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>The unmodified control UI of the original, served from an origin of its own, in a real browser that is told what to do over
/// its DevTools protocol.</summary>
public sealed partial class ControlUi : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>Finds elements in the page and in the shadow roots of its components.</summary>
    private const string Deep = """
        (() => { window.deep = (selector) => { const found = []; const walk = (root) => { found.push(...root.querySelectorAll(selector));
            for (const e of root.querySelectorAll('*')) if (e.shadowRoot) walk(e.shadowRoot); }; walk(document); return found; }; })()
        """;

    private readonly WebApplication _files;
    private readonly string _profile = Directory.CreateTempSubdirectory("control-ui-").FullName;
    private readonly ClientWebSocket _devTools = new();
    private Process? _browser;
    private int _next;

    private ControlUi(string folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _files = builder.Build();
        _files.Run(context => ServeAsync(folder, context));
    }

    /// <summary>Of its page.</summary>
    public string Origin { get; private set; } = "";

    /// <summary>What the page showed when a wait failed.</summary>
    private Task<JsonElement> TextAsync() => EvaluateAsync("document.body.innerText");

    /// <summary>Serves the files of the pinned package and starts a browser. Skips the test where one of them is missing.</summary>
    public static async Task<ControlUi> StartAsync()
    {
        Assert.SkipWhen(Browser.Program is null, "There is no Chromium here.");
        var ui = new ControlUi(Path.Combine(await OpenClawCli.EnsureAsync(), "dist", "control-ui"));
        await ui._files.StartAsync();
        ui.Origin = ui._files.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return ui;
    }

    /// <summary>Opens the page, which connects to another gateway than its own origin only after a question, and logs in.</summary>
    public async Task LogInAsync(Uri gateway, string token)
    {
        var address = "ws" + gateway.ToString().TrimEnd('/')["http".Length..];
        await OpenAsync($"{Origin}/?gatewayUrl={Uri.EscapeDataString(address)}");
        await WaitAsync("deep('button').some(b => /^\\s*Switch to/.test(b.innerText))");
        await ClickAsync("deep('button').find(b => /^\\s*Switch to/.test(b.innerText))");
        await WaitAsync("document.body.innerText.includes('expects its token') && deep('input[type=password]').length");
        await TypeAsync("deep('input[type=password]')[0]", token);
        await WaitAsync("deep('textarea[aria-label=\"Chat composer\"]').length");
    }

    /// <summary>Writes into the composer and presses Enter.</summary>
    public Task SendAsync(string message) => TypeAsync("deep('textarea[aria-label=\"Chat composer\"]')[0]", message);

    public async Task TypeAsync(string element, string text)
    {
        await EvaluateAsync($"({element}).focus()");
        await CallAsync("Input.insertText", $$"""{"text":{{Quote(text)}}}""");
        foreach (var type in (string[])["\"keyDown\",\"text\":\"\\r\"", "\"keyUp\""])
        {
            await CallAsync(
                "Input.dispatchKeyEvent", $$"""{"key":"Enter","code":"Enter","windowsVirtualKeyCode":13,"type":{{type}}}""");
        }
    }

    public Task ClickAsync(string element) => EvaluateAsync($"({element}).click()");

    public Task ReloadAsync() => CallAsync("Page.reload", "{}");

    public Task GoAsync(string path) => CallAsync("Page.navigate", $$"""{"url":{{Quote(Origin + path)}}}""");

    /// <summary>Waits until an expression is true in the page.</summary>
    public async Task WaitAsync(string condition)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            await EvaluateAsync(Deep);
            if ((await EvaluateAsync($"new Promise(r => requestAnimationFrame(() => r(!!({condition}))))")).ValueKind == JsonValueKind.True)
            {
                return;
            }

            if (clock.Elapsed > Patience)
            {
                Assert.Fail($"It never became true: {condition}\n{await TextAsync()}");
            }
        }
    }

    public async Task<JsonElement> EvaluateAsync(string script)
    {
        var answer = await CallAsync(
            "Runtime.evaluate", $$"""{"expression":{{Quote(script)}},"awaitPromise":true,"returnByValue":true}""");
        return answer.GetProperty("result").TryGetProperty("result", out var result) && result.TryGetProperty("value", out var value)
            ? value : default;
    }

    /// <summary>Writes a picture of the page, for people.</summary>
    public async Task SaveAsync(string file)
    {
        var answer = await CallAsync("Page.captureScreenshot", """{"format":"png"}""");
        await File.WriteAllBytesAsync(file, answer.GetProperty("result").GetProperty("data").GetBytesFromBase64());
    }

    public async ValueTask DisposeAsync()
    {
        _devTools.Dispose();
        if (_browser is not null)
        {
            _browser.Kill(entireProcessTree: true);
            await _browser.WaitForExitAsync();
            _browser.Dispose();
        }

        await _files.DisposeAsync();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // one of its processes may still write; the folder is a temporary one
        }
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private async Task OpenAsync(string url)
    {
        var start = new ProcessStartInfo(Browser.Program!) { RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
            "--disable-background-networking", "--disable-component-update", "--window-size=1300,900", "--remote-debugging-port=0",
            $"--user-data-dir={_profile}", "about:blank",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        _browser = Process.Start(start)!;
        var port = 0;
        while (port == 0)
        {
            var line = await _browser.StandardError.ReadLineAsync() ?? throw new InvalidOperationException("The browser did not start.");
            port = Listening().Match(line) is { Success: true } found ? int.Parse(found.Groups[1].Value, null) : 0;
        }

        _ = _browser.StandardError.BaseStream.CopyToAsync(Stream.Null);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var pages = JsonElement.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json")));
        var page = pages.EnumerateArray().First(p => p.GetProperty("type").GetString() == "page");
        _devTools.Options.Proxy = null;
        await _devTools.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), default);
        await CallAsync("Page.navigate", $$"""{"url":{{Quote(url)}}}""");
    }

    private async Task<JsonElement> CallAsync(string method, string parameters)
    {
        using var patience = new CancellationTokenSource(Patience);
        var id = ++_next;
        await _devTools.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"id":{{id}},"method":"{{method}}","params":{{parameters}}}"""), WebSocketMessageType.Text,
            endOfMessage: true, patience.Token);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            using var message = new MemoryStream();
            ValueWebSocketReceiveResult received;
            do
            {
                received = await _devTools.ReceiveAsync(buffer.AsMemory(), patience.Token);
                message.Write(buffer, 0, received.Count);
            }
            while (!received.EndOfMessage);
            var answer = JsonElement.Parse(message.ToArray());
            if (answer.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
            {
                return answer;
            }
        }
    }

    /// <summary>As the original serves it: the page under every path of its own, with absolute addresses of its files.</summary>
    private static async Task ServeAsync(string folder, HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var file = Path.GetFullPath(Path.Combine(folder, path.TrimStart('/')));
        if (path != "/" && file.StartsWith(folder, StringComparison.Ordinal) && File.Exists(file))
        {
            context.Response.ContentType = new FileExtensionContentTypeProvider().TryGetContentType(file, out var type) ? type
                : "application/octet-stream";
            await context.Response.SendFileAsync(file);
        }
        else if (Path.HasExtension(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            var page = await File.ReadAllTextAsync(Path.Combine(folder, "index.html"));
            context.Response.ContentType = "text/html; charset=utf-8";
            page = page.Replace("<html ", "<html data-openclaw-control-ui-base-path=\"\" ", StringComparison.Ordinal);
            await context.Response.WriteAsync(page.Replace("\"./", "\"/", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"DevTools listening on ws://127\.0\.0\.1:(\d+)/")]
    private static partial Regex Listening();
}
