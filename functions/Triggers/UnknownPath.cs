using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary>Everything no other function serves: 404, or 405 with <c>Allow</c> when only the method is wrong. Without it the
/// Functions host answers an empty 404.</summary>
public sealed class UnknownPath(RouteTable routes)
{
    public const string Route = "{*path}";

    [Function(nameof(UnknownPath)), GatewayAuth(AuthClass.ByPath)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(routes.Answer(request));
}
