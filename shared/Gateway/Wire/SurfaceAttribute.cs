namespace OpenClaw.Gateway.Wire;

/// <summary>The surface of a function; <see cref="Surface.OpenAi"/> without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SurfaceAttribute(Surface surface) : Attribute
{
    public Surface Surface { get; } = surface;

    /// <summary>Whether the first parameter of the route may hold an encoded slash, such as a session's key.</summary>
    public bool IdMayHoldSlash { get; init; }

    /// <summary>Whether callers may send their credential in the query, because the protocol has no other place for it in browsers.</summary>
    public bool TakesUrlCredentials { get; init; }
}
