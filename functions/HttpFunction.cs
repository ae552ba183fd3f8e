using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions;

/// <summary>One HTTP function as both hosts map it.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Route">Route template without a leading slash.</param>
/// <param name="Methods">Upper-case methods; empty means all.</param>
/// <param name="Invoke">Resolves the class and runs the method.</param>
public sealed record HttpFunction(
    string Name, string Route, IReadOnlyList<string> Methods, AuthorizationLevel AuthLevel, GatewayAuthAttribute Auth,
    SurfaceAttribute? Surface, Func<IServiceProvider, HttpRequest, CancellationToken, Task<IResult>> Invoke);
