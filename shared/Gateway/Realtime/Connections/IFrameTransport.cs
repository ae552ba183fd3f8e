namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>Carries frames to one client, in order.</summary>
internal interface IFrameTransport
{
    /// <summary>Queues a frame; returns at once. A client that is too slow to take its frames is cut off.</summary>
    void Send(byte[] frame);

    /// <summary>Closes the connection once the frames queued so far have gone out.</summary>
    void Close(int code, string reason);
}
