using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Realtime.Simple;
using OpenClaw.Security;
using OpenClaw.Security.Limits;
using OpenClaw.Security.Rights;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>One connection of a client. The first message decides which of two dialects it speaks:
/// <code>
/// open: connect.challenge ──► connect ──► hello-ok ──► requests, responses and events (RPC)
///                         └─► auth, message, ping, subscribe (simple messages)
/// </code>
/// A connection without a caller is closed after 15 s.</summary>
internal sealed class ControlConnection : IControlClient, IAsyncDisposable
{
    private readonly ControlPlane _plane;
    private readonly ConnectPeer _peer;
    private readonly IFrameTransport _transport;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _slots = new(ControlPolicy.MaxConcurrentRequests, ControlPolicy.MaxConcurrentRequests);
    private readonly SocketSubscriptions _subscriptions;
    private readonly Lock _sendLock = new();
    private readonly ITimer _connectTimer;
    private SimpleDialect? _simple;
    private volatile Admission? _admission;
    private LiveCaller? _live;
    private long _seq;

    public ControlConnection(ControlPlane plane, ConnectPeer peer, IFrameTransport transport)
    {
        (_plane, _peer, _transport) = (plane, peer, transport);
        _subscriptions = new SocketSubscriptions(plane.Watch, peer.ConnectionId);
        Info = new ClientInfo("", "", "", "") { RemoteAddress = peer.RemoteAddress, Since = plane.Time.GetUtcNow() };
        _connectTimer = plane.Time.CreateTimer(
            static connection => ((ControlConnection)connection!).CloseUnlessConnected(), this, ControlPolicy.ConnectTime,
            Timeout.InfiniteTimeSpan);
        Closing = _closing.Token;
    }

    public string ConnectionId => _peer.ConnectionId;

    public ClientInfo Info { get; private set; }

    public IEventSubscriptions Subscriptions => _subscriptions;

    /// <summary>The caller; null until the client has connected.</summary>
    public Caller? Caller => _admission?.Caller;

    /// <summary>How it was let in; null until the client has connected.</summary>
    public Admission? Admission => _admission;

    /// <summary>Whether it speaks RPC and has connected.</summary>
    public bool TakesEvents => _admission is not null && _simple is null;

    /// <summary>Fires when the connection ends.</summary>
    public CancellationToken Closing { get; }

    /// <summary>Bytes of a message that the client may send now.</summary>
    public int MaxMessage => _admission is null ? ControlPolicy.MaxPayloadBeforeConnect : ControlPolicy.MaxPayload;

    /// <summary>Says hello.</summary>
    public void Open() => _transport.Send(FrameWriter.Event(
        "connect.challenge",
        FrameWriter.Json(new ConnectChallenge(_peer.Nonce, _plane.Time.GetUtcNow().ToUnixTimeMilliseconds()),
            ConnectJson.Default.ConnectChallenge),
        seq: null));

    /// <summary>Takes one message. Requests are answered in the background; this returns when the next message may be read.</summary>
    /// <param name="lease">What the message holds of the memory for bodies; given back when it is answered.</param>
    public async Task ReceiveAsync(ReadOnlyMemory<byte> message, BodyLease? lease = null)
    {
        using var held = new HeldLease(lease);
        if (TryParse(message.Span) is not { } json)
        {
            if (_simple is not null)
            {
                await _simple.ReceiveAsync(default);
            }
            else if (_admission is null)
            {
                Close(CloseCode.Normal, "");
            }

            return; // junk after connect is ignored
        }

        if (_simple is not null)
        {
            await _simple.ReceiveAsync(json);
        }
        else if (_admission is null)
        {
            await ReceiveFirstAsync(json);
        }
        else
        {
            await ReceiveRequestAsync(json, held);
        }
    }

    /// <summary>Sends an event if the client should get it.</summary>
    public void Offer(ControlEvent controlEvent)
    {
        if (Caller is not { } caller || !controlEvent.IsFor(caller))
        {
            return;
        }

        if (_simple is { } simple)
        {
            simple.Offer(controlEvent, caller);
        }
        else if (_subscriptions.Wants(controlEvent, Info))
        {
            lock (_sendLock)
            {
                _transport.Send(FrameWriter.Event(controlEvent.Name, controlEvent.PayloadFor(caller), ++_seq));
            }
        }
    }

    /// <summary>Whether events of a topic and scope would reach the client, whatever session they are about.</summary>
    public bool Takes(EventTopic topic, Scope scope) =>
        TakesEvents && Caller is { } caller && caller.Scopes.Covers(scope) && (topic != EventTopic.Sessions || _subscriptions.WantsSessions);

    public void Send(byte[] frame) => _transport.Send(frame);

    public void Close(int code, string reason)
    {
        _transport.Close(code, reason);
        _closing.Cancel();
    }

    /// <summary>A client of the simple dialect has shown its credential.</summary>
    public void Admit(Admission admission, ClientInfo info)
    {
        Info = info with { RemoteAddress = _peer.RemoteAddress, Since = Info.Since };
        _live = _plane.Rights.Watch(admission.Caller, Scope.None);
        _live.Ended.UnsafeRegister(static connection => ((ControlConnection)connection!).EndUnauthorized(), this);
        _admission = admission;
        _plane.Audience.Enter();
        _plane.Hub.Connected(this);
    }

    /// <summary>The caller with its rights of this moment.</summary>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>403 forbidden</c>: it has none any more; <c>503
    /// storage_unavailable</c>.</exception>
    public ValueTask<Caller> CheckAsync() => _plane.Rights.RequireAsync(_admission!.Caller, Scope.None, agent: null, Closing);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _live?.Dispose();
        await _connectTimer.DisposeAsync();
        _plane.Watch.Forget(ConnectionId);
        if (_admission is not null)
        {
            _plane.Hub.Remove(this);
            _plane.Audience.Leave();
        }
    }

    private async Task ReceiveFirstAsync(JsonElement json)
    {
        if (SimpleDialect.Speaks(json))
        {
            _simple = new SimpleDialect(_plane, _peer, this);
            await _simple.ReceiveAsync(json);
            return;
        }

        if (RequestFrame.Read(json) is not { } frame)
        {
            Close(CloseCode.Policy, "invalid request frame");
            return;
        }

        try
        {
            if (frame.Method != "connect")
            {
                throw new RpcException(new RpcError(RpcError.InvalidRequest, "first request must be connect"))
                {
                    Close = CloseCode.Policy,
                    CloseReason = "first request must be connect",
                };
            }

            var asked = ParamsCheck.Read("connect", frame.Params, ConnectJson.Default.ConnectParams);
            var admission = await _plane.Handshake.AdmitAsync(asked, _peer, Closing);
            var info = ClientInfo.Of(asked, admission.DeviceId);
            Send(FrameWriter.Response(frame.Id, await _plane.HelloAsync(admission, ConnectionId, Closing), ConnectJson.Default.HelloOk));
            Admit(admission, info); // events follow the hello
        }
        catch (RpcException refused)
        {
            Send(FrameWriter.Failure(frame.Id, refused.Error));
            Close(refused.Close ?? CloseCode.Policy, refused.CloseReason ?? refused.Error.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _plane.LogFailed(failure, "connect");
            Send(FrameWriter.Failure(frame.Id, ControlPlane.Internal()));
            Close(CloseCode.Policy, "connect failed");
        }
    }

    private async Task ReceiveRequestAsync(JsonElement json, HeldLease held)
    {
        if (RequestFrame.Read(json) is not { } frame)
        {
            var id = RequestFrame.Text(json, "id") is { Length: > 0 and <= 256 } given ? given : "invalid";
            Send(FrameWriter.Failure(id, new RpcError(RpcError.InvalidRequest, "invalid request frame")));
            return;
        }

        await _slots.WaitAsync(Closing);
        _ = AnswerAsync(frame, held.Take());
    }

    private async Task AnswerAsync(RequestFrame frame, BodyLease? lease)
    {
        try
        {
            await _plane.AnswerAsync(this, await CheckAsync(), frame, Send, Send, Closing);
        }
        catch (GatewayException failure) when (failure.Error.Status is 401 or 403)
        {
            Send(FrameWriter.Failure(frame.Id, ConnectErrors.CredentialEnded()));
            EndUnauthorized();
        }
        catch (GatewayException failure)
        {
            Send(FrameWriter.Failure(frame.Id, RpcError.Of(failure.Error)));
        }
        catch (OperationCanceledException)
        {
            // The connection is closing.
        }
        finally
        {
            lease?.Dispose();
            _slots.Release();
        }
    }

    private void EndUnauthorized()
    {
        if (Caller?.Device is null)
        {
            Close(CloseCode.Policy, "unauthorized");
        }
        else
        {
            Close(CloseCode.DeviceRemoved, "device removed");
        }
    }

    private void CloseUnlessConnected()
    {
        if (_admission is null)
        {
            Close(CloseCode.Policy, "connect timeout");
        }
    }

    /// <summary>A lease until another owner takes it.</summary>
    private sealed class HeldLease(BodyLease? lease) : IDisposable
    {
        private BodyLease? _lease = lease;

        public BodyLease? Take() => Interlocked.Exchange(ref _lease, null);

        public void Dispose() => _lease?.Dispose();
    }

    /// <summary>Null when the message is no JSON.</summary>
    private static JsonElement? TryParse(ReadOnlySpan<byte> message)
    {
        try
        {
            return JsonElement.Parse(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
