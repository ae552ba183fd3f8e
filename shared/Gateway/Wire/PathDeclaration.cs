using OpenClaw.Security;

namespace OpenClaw.Gateway.Wire;

/// <summary>What a route declares about its path.</summary>
/// <param name="Route">Template without a leading slash, such as <c>api/keys/{id}</c>.</param>
public sealed record PathDeclaration(string Route, AuthClass Auth, Surface Surface, bool IdMayHoldSlash)
{
    /// <inheritdoc cref="SurfaceAttribute.TakesUrlCredentials"/>
    public bool TakesUrlCredentials { get; init; }

    /// <summary>The route up to its first parameter.</summary>
    public string Prefix => "/" + Route.Split('{')[0].TrimEnd('/');

    public string Root => Route.Split('/')[0];
}
