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
/// open: connect.challenge ──► connect ──► hello-ok ──► requests, responses and events (<see cref="RpcDialect"/>)
///                         └─► auth, message, ping, subscribe (<see cref="SimpleDialect"/>)
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
    private IDialect? _dialect;
    private IDisposable? _place;
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

    /// <summary>The caller with the rights of the last check, at most two seconds ago; null until the client has connected.</summary>
    public Caller? Caller => _live?.Current;

    /// <summary>How it was let in; null until the client has connected.</summary>
    public Admission? Admission => _admission;

    /// <summary>Fires when the connection ends.</summary>
    public CancellationToken Closing { get; }

    /// <summary>Bytes of a message that the client may send now.</summary>
    public int MaxMessage => _admission is null ? ControlPolicy.MaxPayloadBeforeConnect : ControlPolicy.MaxPayload;

    /// <summary>Says hello.</summary>
    public void Open() => Send(FrameWriter.Event(
        "connect.challenge",
        FrameWriter.Json(new ConnectChallenge(_peer.Nonce, _plane.Time.GetUtcNow().ToUnixTimeMilliseconds()),
            ConnectJson.Default.ConnectChallenge),
        seq: null));

    /// <summary>Takes one message. Requests are answered in the background; this returns when the next message may be read.</summary>
    /// <param name="lease">What the message holds of the memory for bodies; given back when it is answered.</param>
    /// <param name="respond">Sends response frames; null for the transport.</param>
    /// <returns>See <see cref="IDialect.ReceiveAsync"/>.</returns>
    public async Task<bool> ReceiveAsync(ReadOnlyMemory<byte> text, BodyLease? lease = null, Action<byte[]>? respond = null)
    {
        using var message = new IncomingMessage(text.Span, lease, respond ?? Send);
        if (_dialect is null)
        {
            if (!message.IsJson)
            {
                Close(CloseCode.Normal, "");
                return false;
            }

            _dialect = !message.IsForbidden && SimpleDialect.Speaks(message.Json)
                ? new SimpleDialect(_plane, _peer, this) : new RpcDialect(_plane, _peer, this);
        }

        return await _dialect.ReceiveAsync(message);
    }

    /// <summary>Answers a message in the background, as soon as fewer than <see cref="ControlPolicy.MaxConcurrentRequests"/> of this
    /// connection are being answered.</summary>
    /// <param name="answer">Turns each failure into a frame.</param>
    public async Task StartAsync(IncomingMessage message, Func<Task> answer)
    {
        await _slots.WaitAsync(Closing);
        _ = RunAsync(answer, message.TakeLease());
    }

    /// <summary>Sends an event if the client should get it.</summary>
    public void Offer(ControlEvent controlEvent)
    {
        if (Caller is { } caller && controlEvent.IsFor(caller))
        {
            _dialect?.Offer(controlEvent, caller);
        }
    }

    /// <summary>Whether events of a topic and scope would reach the client, whatever session they are about.</summary>
    public bool Takes(EventTopic topic, Scope scope) =>
        _dialect is RpcDialect && Caller is { } caller && caller.Scopes.Covers(scope)
        && (topic != EventTopic.Sessions || _subscriptions.WantsSessions);

    /// <summary>Sends an event under the next number, if the client has asked for it.</summary>
    public void SendEvent(ControlEvent controlEvent, Caller caller)
    {
        if (!_subscriptions.Wants(controlEvent, Info))
        {
            return;
        }

        bool isTaken;
        lock (_sendLock)
        {
            isTaken = _transport.Send(FrameWriter.Event(controlEvent.Name, controlEvent.PayloadFor(caller), ++_seq));
        }

        if (!isTaken)
        {
            CloseSlow();
        }
    }

    public void Send(byte[] frame)
    {
        if (!_transport.Send(frame))
        {
            CloseSlow();
        }
    }

    public void Close(int code, string reason)
    {
        _transport.Close(code, reason);
        _closing.Cancel();
    }

    /// <summary>Takes one of the places that a caller's connections have in this process, before the client is admitted.</summary>
    /// <exception cref="GatewayException"><c>429 too_many_connections</c>.</exception>
    public void TakePlace(Caller caller) => _place = _plane.Limits.Enter(caller);

    /// <summary>The client has shown its credential and has a place.</summary>
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

    /// <summary>Ends the connection because its credential holds no longer.</summary>
    public void EndUnauthorized()
    {
        if (_admission?.Caller.Device is null)
        {
            Close(CloseCode.Policy, "unauthorized");
        }
        else
        {
            Close(CloseCode.DeviceRemoved, "device removed");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _live?.Dispose();
        await _connectTimer.DisposeAsync();
        _plane.Watch.Forget(ConnectionId);
        _place?.Dispose();
        if (_admission is not null)
        {
            _plane.Hub.Remove(this);
            _plane.Audience.Leave();
        }
    }

    private async Task RunAsync(Func<Task> answer, BodyLease? lease)
    {
        try
        {
            await answer();
        }
        catch (OperationCanceledException)
        {
            // The connection is closing.
        }
        catch (Exception failure)
        {
            _plane.LogFailed(failure, "(answer)");
        }
        finally
        {
            lease?.Dispose();
            _slots.Release();
        }
    }

    private void CloseSlow()
    {
        _plane.LogSlow(ConnectionId);
        Close(CloseCode.Policy, "slow consumer");
    }

    private void CloseUnlessConnected()
    {
        if (_admission is null)
        {
            Close(CloseCode.Policy, "connect timeout");
        }
    }
}
