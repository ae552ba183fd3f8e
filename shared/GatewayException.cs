namespace OpenClaw;

/// <summary>Carries a <see cref="GatewayError"/> up to the front that renders it.</summary>
public sealed class GatewayException(GatewayError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public GatewayError Error { get; } = error;
}
