using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Hooks;

/// <summary>What the path of a call says.</summary>
/// <param name="Name">The path below <c>hooks.path</c>, without a token: <c>wake</c>, <c>agent</c>, or that of a mapping.</param>
/// <param name="Token">A token that stands in the path; null for none.</param>
internal readonly record struct HookPath(string Name, string? Token)
{
    public const string Wake = "wake";

    public const string Agent = "agent";

    /// <summary>Whether it is one of the two that are there without a mapping, and beat mappings of their names.</summary>
    public bool IsBuiltIn => Name is Wake or Agent;

    /// <summary>Whether a path lies below <c>hooks.path</c>.</summary>
    public static bool IsBelow(HooksSection hooks, PathString path) =>
        hooks.Enabled && path.StartsWithSegments(hooks.Path, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="GatewayException"><c>404 not_found</c>: nothing is below the path.</exception>
    public static HookPath Read(HooksSection hooks, PathString path)
    {
        if (!path.StartsWithSegments(hooks.Path, StringComparison.OrdinalIgnoreCase, out var rest)
            || rest.Value?.Trim('/') is not { Length: > 0 } name)
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        // Only two-segment forms hold a token, so that a mapping named like it is never taken for it.
        return hooks.AllowPathToken && name.Split('/') is [{ Length: > 0 } token, Wake or Agent] parts
            ? new HookPath(parts[1], token) : new HookPath(name, null);
    }
}
