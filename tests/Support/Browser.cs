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
    private string _script = "";
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
    public async Task<JsonElement> RunAsync(string script)
    {
        _script = script;
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
            "--disable-background-networking", "--disable-component-update", $"--user-data-dir={_profile}", $"{Origin}/page",
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
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}
