using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Runs;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /internal/runs/{partition}</c>: the gateway's call to itself that keeps an instance while the waiting runs of a
/// session are executed. Proven by a ticket of its own; see <see cref="InternalSecret"/>.</summary>
public sealed class ExecuteRuns(RunsHandler handler)
{
    public const string Route = "internal/runs/{partition}";

    [Function(nameof(ExecuteRuns)), GatewayAuth(AuthClass.Internal)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(handler.Execute((string)request.RouteValues["partition"]!));
}
