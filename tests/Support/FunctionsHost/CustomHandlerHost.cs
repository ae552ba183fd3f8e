using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Tests.Support;

/// <summary>A stand-in for the Azure Functions host with a custom handler: reads <c>host.json</c> and the <c>function.json</c>
/// files, starts the handler, forwards HTTP to it as it comes and calls timer functions by requests of its own.</summary>
public sealed class CustomHandlerHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CommandProcess _handler;
    private readonly Uri _address;
    private readonly HttpForwarder _forwarder = new();
    private readonly HttpClient _own = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
    private readonly HashSet<string> _timers;
    private readonly WebApplication _server;

    private CustomHandlerHost(CommandProcess handler, Uri address, HashSet<string> timers)
    {
        (_handler, _address, _timers) = (handler, address, timers);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(ServeAsync);
    }

    /// <summary>Calls the app through this host.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>What the handler wrote to both its streams.</summary>
    public string Output => _handler.Text;

    /// <param name="folder">The deployed app.</param>
    /// <param name="environment">Added to the handler's environment, as app settings are.</param>
    public static async Task<CustomHandlerHost> StartAsync(string folder, IReadOnlyDictionary<string, string> environment)
    {
        using var host = Parse(Path.Combine(folder, "host.json"));
        var settings = host.RootElement.GetProperty("customHandler");
        Require(host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString()!.Length == 0, "paths would get a prefix.");
        Require(settings.GetProperty("enableProxyingHttpRequest").GetBoolean(), "HTTP would come packed into JSON.");
        var description = settings.GetProperty("description");
        Require(description.GetProperty("defaultExecutablePath").GetString() == "openclaw", "another executable.");
        Require(OperatingSystem.IsWindows() || (File.GetUnixFileMode(Path.Combine(folder, "openclaw")) & UnixFileMode.UserExecute) != 0, "openclaw is not executable.");
        var bindings = Directory.EnumerateFiles(folder, "function.json", SearchOption.AllDirectories).ToDictionary(
            static file => Path.GetFileName(Path.GetDirectoryName(file)!), static file => Parse(file).RootElement.GetProperty("bindings")[0]);
        Require(bindings.Values.Count(static b => b.GetProperty("type").GetString() == "httpTrigger") == 1, "exactly one function for HTTP.");

        var port = FreePort();
        var handler = CommandProcess.Start(
            [.. description.GetProperty("arguments").EnumerateArray().Select(static a => a.GetString()!)],
            new Dictionary<string, string>(environment) { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}", ["FUNCTIONS_WORKER_RUNTIME"] = "custom" },
            folder);
        var started = new CustomHandlerHost(
            handler, new Uri($"http://127.0.0.1:{port}"),
            [.. bindings.Where(static b => b.Value.GetProperty("type").GetString() == "timerTrigger").Select(static b => b.Key)]);
        try
        {
            await started._server.StartAsync();
            started.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(started._server.Urls.First()), Timeout = Patience };
            await started.WaitUntilReadyAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a timer function as the host does. True when it succeeded.</summary>
    public async Task<bool> FireTimerAsync(string function)
    {
        Require(_timers.Contains(function), $"there is no timer function {function}.");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, function))
        {
            Content = new StringContent(
                """{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{}}}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Azure-Functions-InvocationId", $"{Guid.NewGuid()}");
        request.Headers.Add("X-Azure-Functions-HostVersion", "4.1037.0.0");
        using var answer = await _own.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }

        using var outputs = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return outputs.RootElement.TryGetProperty("Outputs", out _);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        await _handler.DisposeAsync();
        _forwarder.Dispose();
        _own.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = await HttpForwarder.BindAsync(context);
        if (body is not null)
        {
            await _forwarder.ForwardAsync(context, body, _address, $"{Guid.NewGuid()}");
        }
    }

    /// <summary>The real host polls, too: any answer will do.</summary>
    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var answer = await _own.GetAsync(_address, limit.Token);
                return;
            }
            catch (HttpRequestException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(25, limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException($"The handler does not answer:\n{_handler.Text}");
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static JsonDocument Parse(string file) => JsonDocument.Parse(File.ReadAllBytes(file));

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The custom handler's app is wrong: {otherwise}");
        }
    }
}
