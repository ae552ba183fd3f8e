namespace OpenClaw.Security.Signatures;

/// <summary>The proof that requests of one sender carry: a signature over the raw body.</summary>
public interface IEventSignature
{
    /// <summary>Whether the headers are such that the body is worth reading: all are there, each once, and the time is near.</summary>
    bool MayBeSigned(EventHeaders headers, DateTimeOffset now);

    /// <summary>Checks the signature over the body as it was received.</summary>
    /// <returns>Null when the request is not the sender's, or too old.</returns>
    SignedEvent? Verify(EventHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now);
}
