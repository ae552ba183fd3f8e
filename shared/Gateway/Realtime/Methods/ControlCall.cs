using System.Text.Json.Serialization.Metadata;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods;

/// <summary>One request of a client.</summary>
/// <param name="acknowledge">Sends a response frame before the last one; null where the transport has room for one answer only.</param>
internal sealed class ControlCall(Caller caller, IControlClient client, RequestFrame frame, Action<byte[]>? acknowledge)
{
    /// <summary>What happens once the answer has been sent, such as the end of this very connection.</summary>
    public Action? Afterwards { get; set; }

    /// <summary>The caller with its rights of this moment.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>The connection that the request came on.</summary>
    public IControlClient Client { get; } = client;

    public RequestFrame Frame { get; } = frame;

    /// <exception cref="RpcException"><c>FORBIDDEN</c>.</exception>
    public void Require(Scope scope)
    {
        if (!Caller.Scopes.Covers(scope))
        {
            throw new RpcException(RpcError.MissingScope(Scopes.NameOf(scope)));
        }
    }

    /// <summary>Answers that the request was accepted; the result follows under the same id.</summary>
    public void Acknowledge<T>(T payload, JsonTypeInfo<T> type) => acknowledge?.Invoke(FrameWriter.Response(Frame.Id, payload, type));
}
