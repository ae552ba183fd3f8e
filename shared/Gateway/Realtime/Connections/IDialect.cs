using OpenClaw.Gateway.Realtime.Protocol;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>What a connection speaks, from its first message on.</summary>
internal interface IDialect
{
    /// <summary>Whether the client takes events.</summary>
    bool TakesEvents { get; }

    /// <summary>Takes one message; returns when the next one may be read. Requests are answered in the background.</summary>
    /// <returns>Whether a response frame to the message has been sent or will be, unless the connection closes.</returns>
    Task<bool> ReceiveAsync(IncomingMessage message);
}
