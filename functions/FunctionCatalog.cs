using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Security;

namespace OpenClaw.Functions;

/// <summary>One HTTP function as both hosts map it.</summary>
/// <param name="Name">Unique name, also the function id of the host protocol.</param>
/// <param name="EntryPoint">Full type and method name.</param>
/// <param name="Route">Route template without a leading slash.</param>
/// <param name="Methods">Upper-case methods; empty means all.</param>
/// <param name="Invoke">Resolves the class and runs the method.</param>
public sealed record HttpFunction(
    string Name, string EntryPoint, string Route, IReadOnlyList<string> Methods, AuthorizationLevel AuthLevel,
    GatewayAuthAttribute Auth, Func<IServiceProvider, HttpRequest, CancellationToken, Task<IResult>> Invoke);

/// <summary>One timer function.</summary>
public sealed record TimerFunction(
    string Name, string EntryPoint, TimerTriggerAttribute Trigger, Func<IServiceProvider, TimerInfo, CancellationToken, Task> Invoke);

/// <summary>Every function of the app; the only place a new trigger is registered. Attributes are read here once,
/// from types the trimmer is told to keep, so that it works compiled ahead of time.</summary>
public sealed class FunctionCatalog
{
    private const DynamicallyAccessedMemberTypes Kept =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicConstructors;

    private readonly List<HttpFunction> _http = [];
    private readonly List<TimerFunction> _timers = [];
    private readonly List<Action<IServiceCollection>> _registrations = [];

    public IReadOnlyList<HttpFunction> Http => _http;

    public IReadOnlyList<TimerFunction> Timers => _timers;

    /// <summary>Registers the trigger classes themselves.</summary>
    public void AddTriggers(IServiceCollection services) => _registrations.ForEach(register => register(services));

    /// <exception cref="InvalidOperationException">The class declares no function, no HTTP trigger or no auth class.</exception>
    public FunctionCatalog Add<[DynamicallyAccessedMembers(Kept)] T>(
        Func<T, HttpRequest, CancellationToken, Task<IResult>> run)
        where T : class
    {
        var (method, name) = FindFunction(typeof(T));
        var trigger = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(a => a is not null)
            ?? throw new InvalidOperationException($"{typeof(T).Name} has no HTTP trigger.");
        var auth = method.GetCustomAttribute<GatewayAuthAttribute>()
            ?? throw new InvalidOperationException($"{typeof(T).Name} declares no auth class; a route without one is not mapped.");
        _registrations.Add(static services => services.AddSingleton<T>());
        _http.Add(new HttpFunction(
            name, $"{typeof(T).FullName}.{method.Name}", trigger.Route ?? name, [.. trigger.Methods.Select(m => m.ToUpperInvariant())],
            trigger.AuthLevel, auth, (services, request, token) => run(Resolve<T>(services), request, token)));
        return this;
    }

    /// <exception cref="InvalidOperationException">The class declares no function or no timer trigger.</exception>
    public FunctionCatalog AddTimer<[DynamicallyAccessedMembers(Kept)] T>(
        Func<T, TimerInfo, CancellationToken, Task> run)
        where T : class
    {
        var (method, name) = FindFunction(typeof(T));
        var trigger = method.GetParameters().Select(p => p.GetCustomAttribute<TimerTriggerAttribute>()).FirstOrDefault(a => a is not null)
            ?? throw new InvalidOperationException($"{typeof(T).Name} has no timer trigger.");
        _registrations.Add(static services => services.AddSingleton<T>());
        _timers.Add(new TimerFunction(
            name, $"{typeof(T).FullName}.{method.Name}", trigger, (services, info, token) => run(Resolve<T>(services), info, token)));
        return this;
    }

    private static (MethodInfo Method, string Name) FindFunction(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type type)
    {
        foreach (var method in type.GetMethods())
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
            {
                return (method, function.Name);
            }
        }

        throw new InvalidOperationException($"{type.Name} declares no function.");
    }

    private static T Resolve<T>(IServiceProvider services)
        where T : class =>
        (T)(services.GetService(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not registered."));
}
