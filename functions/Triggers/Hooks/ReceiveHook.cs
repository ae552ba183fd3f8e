using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Hooks;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /hooks/…</c>: calls of other systems that start agents, proven by the hook token or by a mapping's signature. Another
/// <c>hooks.path</c> is served by <see cref="UnknownPath"/>.</summary>
public sealed class ReceiveHook(HooksHandler handler)
{
    public const string Route = "hooks/{*path}";

    [Function(nameof(ReceiveHook)), GatewayAuth(AuthClass.Signed), Surface(Surface.Tools)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ReceiveAsync(request, cancellationToken);
}
