using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Tests.Support;

/// <summary>A real browser, without a window, that shows a page of an origin of its own. The page's script reports what it could
/// do.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly WebApplication _pages;
    private readonly TaskCompletionSource<JsonElement> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _profile = Directory.CreateTempSubdirectory("browser").FullName;
    private readonly HttpClient _rebound = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private string _script = "";
    private string? _reboundTo;
    private Process? _process;

    private Browser()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _pages = builder.Build();
        _pages.Run(AnswerAsync);
    }

    /// <summary>The program; null where there is none.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Programs.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Of its pages.</summary>
    public string Origin { get; private set; } = "";

    public static async Task<Browser> StartAsync()
    {
        var browser = new Browser();
        await browser._pages.StartAsync();
        browser.Origin = browser._pages.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return browser;
    }

    /// <summary>Shows a page that runs the script, once.</summary>
    /// <param name="script">Body of an asynchronous function; what it returns is the report.</param>
    public Task<JsonElement> RunAsync(string script) => RunAsync(script, Origin);

    /// <summary>The same, of a page whose host has its name changed to the address of another server once it is shown (DNS
    /// rebinding): every
    /// other path of its origin is that server's.</summary>
    public Task<JsonElement> RunReboundAsync(string script, string host, string server)
    {
        _reboundTo = server;
        return RunAsync(script, $"http://{host}:{new Uri(Origin).Port}", $"--host-resolver-rules=MAP {host} 127.0.0.1");
    }

    private async Task<JsonElement> RunAsync(string script, string origin, params string[] more)
    {
        _script = script;
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
            "--disable-background-networking", "--disable-component-update", $"--user-data-dir={_profile}", .. more, $"{origin}/page",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        var output = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_report.Task, ended).WaitAsync(TimeSpan.FromMinutes(2)) == ended)
        {
            throw new InvalidOperationException(string.Concat(await output));
        }

        return await _report.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        await _pages.DisposeAsync();
        _rebound.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // one of its processes may still write; the folder is a temporary one
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/page":
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.WriteAsync(
                    "<!doctype html><title>page</title><script>(async () => { " + _script + " })()"
                    + ".catch(e => ({ script: String(e) }))"
                    + ".then(r => fetch('/report', { method: 'POST', body: JSON.stringify(r) }));</script>");
                break;
            case "/report":
                _report.TrySetResult((await JsonDocument.ParseAsync(context.Request.Body)).RootElement);
                break;
            case var path when _reboundTo is not null:
                await ForwardAsync(context, _reboundTo + path);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    /// <summary>Passes a request on as it came, its <c>Host</c> too.</summary>
    private async Task ForwardAsync(HttpContext context, string url)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), url);
        request.Content = context.Request.ContentType is null ? null : new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        using var answer = await _rebound.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync());
    }
}
