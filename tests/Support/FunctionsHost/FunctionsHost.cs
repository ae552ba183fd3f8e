using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Runs.Durable;
using OpenClaw.Tests.Support.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>A stand-in for the Azure Functions host: starts the real executable as a worker process, speaks the host protocol
/// with it and forwards HTTP to it the way the real host was seen to do.</summary>
public sealed partial class FunctionsHost : IAsyncDisposable
{
    /// <summary>How long anything that must happen may take; matters only when a test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AppFolder _app;
    private readonly Dictionary<string, string> _environment;
    private readonly WebApplication _server;
    private readonly HttpForwarder _forwarder = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<WorkerChannel>> _expected = new();
    private readonly List<WorkerProcess> _processes = [];
    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource<HostedWorker> _ready = NewReady();
    private Uri _rpc = null!;
    private Task _supervision = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;

    private FunctionsHost(AppFolder app, Dictionary<string, string> environment)
    {
        _app = app;
        _environment = environment;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, static rpc => rpc.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, static front => front.Protocols = HttpProtocols.Http1);
        });
        _server = builder.Build();
        _server.Run(context => HttpProtocol.IsHttp2(context.Request.Protocol) ? ServeWorkerAsync(context) : ServeClientAsync(context));
    }

    /// <summary>Where clients reach the app; ends with a slash.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Calls the app through this host.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The worker that is or was last ready.</summary>
    public HostedWorker Worker { get; private set; } = null!;

    public HostInvocations Invocations { get; } = new();

    /// <summary>Log lines of all workers, in order of arrival.</summary>
    public ConcurrentQueue<RpcLog> Logs { get; } = new();

    /// <param name="environment">Added to the worker's environment, as app settings are.</param>
    /// <param name="folder">The deployed app; the build output of <c>functions</c> by default.</param>
    public static async Task<FunctionsHost> StartAsync(Dictionary<string, string>? environment = null, string? folder = null)
    {
        var app = AppFolder.Read(folder ?? AppFolder.OutputOf("functions"));
        environment = environment is null ? [] : new Dictionary<string, string>(environment);
        environment.TryAdd(WakeUps.QueueSetting, WakeUps.QueueNameOf(
            environment.GetValueOrDefault("OPENCLAW__storage__prefix", "openclaw")));
        var host = new FunctionsHost(app, environment);
        try
        {
            await host._server.StartAsync();
            var addresses = host._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
            host._rpc = new Uri(addresses[0]);
            host.BaseUrl = new Uri(addresses[1]);
            host._environment["WEBSITE_HOSTNAME"] = host.BaseUrl.Authority; // as the platform sets it
            host.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.BaseUrl, Timeout = Patience };
            host._supervision = host.SuperviseAsync();
            var worker = await host.ReadyAsync();
            host._listening = new QueueListener(host, app.Queues, host._environment).RunAsync(worker.Functions, host._ending.Token);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The ready worker; after a crash, the next one once it is.</summary>
    public Task<HostedWorker> ReadyAsync() => _ready.Task.WaitAsync(Patience);

    /// <summary>The worker that follows one which has ended or is about to.</summary>
    public async Task<HostedWorker> NextAsync(HostedWorker worker)
    {
        await worker.Process.Exited.WaitAsync(Patience);
        await worker.Replaced.WaitAsync(Patience);
        return await ReadyAsync();
    }

    /// <summary>Takes no more queue messages, asks the worker to end and kills it when it stays: scale-in and deployments. Returns its
    /// exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await _ending.CancelAsync();
        await _listening;
        await Worker.Channel.SendAsync(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });
        return await KillLateAsync(Worker.Process);
    }

    /// <summary>Dies without a word to the worker. Returns the worker's exit code.</summary>
    public async Task<int> DieAsync()
    {
        await _ending.CancelAsync();
        await _server.StopAsync(new CancellationToken(canceled: true));
        return await Worker.Process.Exited.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var process in _processes.Where(static p => !p.Exited.IsCompleted))
        {
            if (Worker?.Process == process && !Worker.Channel.Closed.IsCompleted)
            {
                await Worker.Channel.SendAsync(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });
                await KillLateAsync(process);
            }

            process.Kill();
        }

        await _supervision;
        await _listening;
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        Client?.Dispose();
        _forwarder.Dispose();
        _processes.ForEach(static p => p.Dispose());
        _ending.Dispose();
    }

    private static async Task<int> KillLateAsync(WorkerProcess process)
    {
        await Task.WhenAny(process.Exited, Task.Delay(Patience)); // the real host: 5 s
        process.Kill();
        return await process.Exited;
    }

    private async Task SuperviseAsync()
    {
        for (var errors = 0; !_ending.IsCancellationRequested;)
        {
            var id = Guid.NewGuid().ToString();
            var connected = _expected[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var process = WorkerProcess.Start(_app, _rpc, id, _environment);
            _processes.Add(process);
            try
            {
                await Task.WhenAny(connected.Task, process.Exited).WaitAsync(Patience);
                Worker = await HostedWorker.InitializeAsync(
                    process, connected.Task.IsCompleted ? await connected.Task
                        : throw new IOException("The worker never connected."), _app);
                _ready.SetResult(Worker);
            }
            catch (Exception failure)
            {
                process.Kill();
                await process.Exited;
                _ready.SetException(new InvalidOperationException($"{failure.Message}\n{string.Join('\n', process.Output)}", failure));
                return;
            }

            var exitCode = await process.Exited;
            await Worker.Channel.Closed; // with the last answers read
            _ready = NewReady();
            Worker.SetReplaced();
            Invocations.FailAll($"The worker exited with {exitCode}.");
            if (exitCode == 0)
            {
                return; // the real host, too, never restarts a worker that left in peace
            }

            errors += exitCode == 200 ? 0 : 1;
            if (errors > 1)
            {
                await Task.Delay(_app.RestartInterval, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeWorkerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        using var channel = new WorkerChannel(context);
        channel.Received = message =>
        {
            switch (message.ContentCase)
            {
                case StreamingMessage.ContentOneofCase.StartStream when _expected.TryGetValue(
                    message.StartStream.WorkerId, out var expected):
                    expected.TrySetResult(channel);
                    break;
                case StreamingMessage.ContentOneofCase.InvocationResponse:
                    Invocations.Answer(message.InvocationResponse);
                    break;
                case StreamingMessage.ContentOneofCase.RpcLog:
                    Logs.Enqueue(message.RpcLog);
                    break;
                default:
                    break;
            }
        };
        await channel.ReadAsync();
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task ServeClientAsync(HttpContext context)
    {
        HostInvocation? invocation = null;
        try
        {
            var worker = await ReadyAsync();
            if (worker.Routes.Find(context.Request.Method, context.Request.Path) is not { } function)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            using var body = await HttpForwarder.BindAsync(context);
            if (body is null)
            {
                return;
            }

            invocation = Invocations.Open(function);
            var forwarding = _forwarder.ForwardAsync(context, body, worker.Address, invocation.Id);
            var isLate = context.RequestAborted.IsCancellationRequested;
            await worker.Channel.SendAsync(NewRequest(invocation));
            if (isLate)
            {
                return; // the client left already: the worker may get the invocation and neither its request nor its cancellation
            }

            await forwarding;
            await invocation.Result.WaitAsync(Patience, context.RequestAborted); // without it the client's connection stays open
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (invocation is not null && !Worker.Channel.Closed.IsCompleted)
            {
                await CancelAsync(invocation);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException)
        {
            if (context.Response.HasStarted)
            {
                context.Abort();
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
    }

    private static TaskCompletionSource<HostedWorker> NewReady()
    {
        var ready = new TaskCompletionSource<HostedWorker>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ready.Task.ContinueWith(static t => t.Exception, TaskScheduler.Default);
        return ready;
    }
}
