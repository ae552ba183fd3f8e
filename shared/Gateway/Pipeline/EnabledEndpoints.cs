using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Endpoints that have no switch of their own: other endpoints enable them.</summary>
public static class EnabledEndpoints
{
    /// <summary>The model list and embeddings are enabled when any endpoint that takes a model's name is.</summary>
    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>.</exception>
    public static void RequireModels(GatewayConfig config)
    {
        var endpoints = config.Gateway.Http.Endpoints;
        if (!endpoints.ChatCompletions.Enabled && !endpoints.Responses.Enabled && !endpoints.Messages.Enabled)
        {
            throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.endpoints.chatCompletions.enabled"));
        }
    }
}
