using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>What a connection speaks, from its first message on.</summary>
internal interface IDialect
{
    /// <summary>Sends an event that the caller may see, if the client has asked for it.</summary>
    void Offer(ControlEvent controlEvent, Caller caller);

    /// <summary>Takes one message; returns when the next one may be read. Requests are answered in the background.</summary>
    /// <returns>Whether a response frame to the message has been sent or will be, unless the connection closes.</returns>
    Task<bool> ReceiveAsync(IncomingMessage message);
}
