using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;

namespace OpenClaw.Security;

/// <summary>Establishes the caller of a request.</summary>
public sealed class Authenticator(GatewayConfigStore config)
{
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>.</exception>
    public ValueTask<Caller> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        _ = config;
        throw new GatewayException(GatewayError.Unauthorized());
    }
}
