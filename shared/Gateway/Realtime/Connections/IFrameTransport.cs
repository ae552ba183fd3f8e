namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>Carries frames to one client, in order.</summary>
internal interface IFrameTransport
{
    /// <summary>Queues a frame; returns at once.</summary>
    /// <returns>False when the client is too slow: the frame and those that wait are dropped, and the connection must be
    /// closed.</returns>
    bool Send(byte[] frame);

    /// <summary>Closes the connection once the frames queued so far have gone out.</summary>
    void Close(int code, string reason);
}
