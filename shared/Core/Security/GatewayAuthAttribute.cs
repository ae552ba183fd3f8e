namespace OpenClaw.Security;

/// <summary>The auth class of a function. A function without one does not map.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GatewayAuthAttribute : Attribute
{
    public GatewayAuthAttribute(AuthClass authClass) => Class = authClass;

    public GatewayAuthAttribute(Scope scope)
        : this(AuthClass.Gateway, scope)
    {
    }

    public GatewayAuthAttribute(AuthClass authClass, Scope scope)
    {
        Class = authClass;
        Scope = scope;
    }

    public AuthClass Class { get; }

    public Scope Scope { get; }

    /// <summary>Whether the body may be a file of any type. All other bodies are JSON.</summary>
    public bool TakesFiles { get; init; }
}
