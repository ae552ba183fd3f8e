namespace OpenClaw.Errors;

/// <summary>Carries a <see cref="GatewayError"/> up to the front that renders it.</summary>
public class GatewayException : Exception
{
    public GatewayException(GatewayError error, Exception? inner = null)
        : this(error, error.Message, inner)
    {
    }

    /// <param name="message">For the log; may say more than the error does.</param>
    protected GatewayException(GatewayError error, string message, Exception? inner)
        : base(message, inner) => Error = error;

    public GatewayError Error { get; }
}
