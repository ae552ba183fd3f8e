using System.Text.Json.Serialization.Metadata;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods;

/// <summary>A group of methods that belong together.</summary>
internal interface IControlMethods
{
    /// <summary>Adds its methods: one line each.</summary>
    void AddTo(MethodTable table);
}

/// <summary>The methods that clients may call; <c>hello-ok</c> lists exactly these. A method has a name, a scope, a record of parameters
/// and a handler.</summary>
internal sealed class MethodTable
{
    private readonly Dictionary<string, Method> _methods = new(StringComparer.Ordinal);

    public MethodTable(IEnumerable<IControlMethods> groups)
    {
        foreach (var group in groups)
        {
            group.AddTo(this);
        }

        Names = [.. _methods.Where(method => method.Value.IsOffered).Select(method => method.Key).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    /// <param name="scope"><see cref="Scope.None"/> for a method that every client may call, or that decides by its parameters.</param>
    /// <param name="isOffered">False for a method that only says why it does not work on this host.</param>
    public void Add<TParams, TResult>(
        string name, Scope scope, JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result,
        Func<ControlCall, TParams, CancellationToken, Task<TResult>> run, bool isOffered = true)
        where TParams : class =>
        _methods.Add(name, new Method(scope, isOffered, async (call, cancellationToken) =>
        {
            var given = ParamsCheck.Read(name, call.Frame.Params, parameters);
            return FrameWriter.Response(call.Frame.Id, await run(call, given, cancellationToken), result);
        }));

    /// <summary>Answers a request.</summary>
    /// <returns>The response frame of a success.</returns>
    /// <exception cref="RpcException"><c>INVALID_REQUEST</c>, <c>FORBIDDEN</c>, <c>UNAVAILABLE</c>.</exception>
    /// <exception cref="Errors.GatewayException">What the method says.</exception>
    public Task<byte[]> InvokeAsync(ControlCall call, CancellationToken cancellationToken)
    {
        if (!_methods.TryGetValue(call.Frame.Method, out var method))
        {
            throw LaterMethods.IsKnown(call.Frame.Method)
                ? new RpcException(new RpcError(RpcError.Unavailable, $"this gateway has no method '{call.Frame.Method}' yet"))
                : RpcException.Invalid($"unknown method: {Shorten(call.Frame.Method)}");
        }

        if (method.Scope != Scope.None)
        {
            call.Require(method.Scope);
        }

        return method.Run(call, cancellationToken);
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private sealed record Method(Scope Scope, bool IsOffered, Func<ControlCall, CancellationToken, Task<byte[]>> Run);
}
