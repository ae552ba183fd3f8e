using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions;

/// <summary>Every function of an app, read once from the attributes of its trigger classes. <see cref="GatewayFunctions"/> lists the
/// gateway's own.</summary>
public sealed class FunctionCatalog
{
    private readonly Dictionary<string, HttpFunction> _http = new(StringComparer.Ordinal);
    private readonly List<TimerFunction> _timers = [];
    private readonly List<QueueFunction> _queues = [];
    private readonly List<Action<IServiceCollection>> _registrations = [];

    public IReadOnlyCollection<HttpFunction> Http => _http.Values;

    public IReadOnlyList<TimerFunction> Timers => _timers;

    public IReadOnlyList<QueueFunction> Queues => _queues;

    /// <summary>What the routes say of their paths.</summary>
    public PathTable Paths() => new(Http.Select(f => new PathDeclaration(
        f.Route, f.Auth.Class, f.Surface?.Surface ?? Surface.OpenAi, f.Surface?.IdMayHoldSlash == true)
    {
        TakesUrlCredentials = f.Surface?.TakesUrlCredentials == true,
    }));

    public bool IsHttp(string name) => _http.ContainsKey(name);

    /// <exception cref="KeyNotFoundException">There is no such HTTP function.</exception>
    public HttpFunction FindHttp(string name) => _http[name];

    /// <summary>Registers the trigger classes themselves.</summary>
    public void AddTriggers(IServiceCollection services) => _registrations.ForEach(register => register(services));

    /// <exception cref="InvalidOperationException">The class declares no function, no HTTP trigger or no auth class.</exception>
    public FunctionCatalog Add<T>(Func<T, HttpRequest, CancellationToken, Task<IResult>> run)
        where T : class
    {
        var (method, name, trigger) = Read<T, HttpTriggerAttribute>();
        var auth = method.GetCustomAttribute<GatewayAuthAttribute>()
            ?? throw new InvalidOperationException($"{typeof(T).Name} declares no auth class; a route without one is not mapped.");
        _http.Add(name, new HttpFunction(
            name, trigger.Route ?? name, [.. (trigger.Methods ?? []).Select(m => m.ToUpperInvariant())], trigger.AuthLevel, auth,
            method.GetCustomAttribute<SurfaceAttribute>(), (services, request, token) =>
                run(services.GetRequiredService<T>(), request, token)));
        return this;
    }

    /// <exception cref="InvalidOperationException">The class declares no function or no timer trigger.</exception>
    public FunctionCatalog AddTimer<T>(Func<T, TimerInfo, CancellationToken, Task> run)
        where T : class
    {
        var (_, name, trigger) = Read<T, TimerTriggerAttribute>();
        _timers.Add(new TimerFunction(name, trigger, (services, info, token) => run(services.GetRequiredService<T>(), info, token)));
        return this;
    }

    /// <exception cref="InvalidOperationException">The class declares no function or no queue trigger.</exception>
    public FunctionCatalog AddQueue<T>(Func<T, string, long, CancellationToken, Task> run)
        where T : class
    {
        var (_, name, trigger) = Read<T, QueueTriggerAttribute>();
        _queues.Add(new QueueFunction(
            name, trigger, (services, message, dequeueCount, token) =>
                run(services.GetRequiredService<T>(), message, dequeueCount, token)));
        return this;
    }

    private (MethodInfo Method, string Name, TTrigger Trigger) Read<T, TTrigger>()
        where T : class
        where TTrigger : Attribute
    {
        var method = typeof(T).GetMethods().FirstOrDefault(static m => m.IsDefined(typeof(FunctionAttribute)))
            ?? throw new InvalidOperationException($"{typeof(T).Name} declares no function.");
        var trigger = method.GetParameters().Select(static p => p.GetCustomAttribute<TTrigger>()).FirstOrDefault(static a => a is not null)
            ?? throw new InvalidOperationException($"{typeof(T).Name} has no {typeof(TTrigger).Name}.");
        _registrations.Add(static services => services.AddSingleton<T>());
        return (method, method.GetCustomAttribute<FunctionAttribute>()!.Name, trigger);
    }
}
