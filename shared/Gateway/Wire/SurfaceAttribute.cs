namespace OpenClaw.Gateway.Wire;

/// <summary>The surface of a function; <see cref="Surface.OpenAi"/> without it.</summary>
/// <param name="idMayHoldSlash">Whether the first parameter of the route may hold an encoded slash, such as a session's key.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SurfaceAttribute(Surface surface, bool idMayHoldSlash = false, bool takesUrlCredentials = false) : Attribute
{
    public Surface Surface { get; } = surface;

    public bool IdMayHoldSlash { get; } = idMayHoldSlash;

    /// <summary>Whether callers may send their credential in the query, because the protocol has no other place for it in
    /// browsers.</summary>
    public bool TakesUrlCredentials { get; } = takesUrlCredentials;
}
