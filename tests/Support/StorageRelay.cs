using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OpenClaw.Tests.Support;

/// <summary>Stands between a gateway and its storage; until it is opened nothing answers at its addresses.</summary>
public sealed partial class StorageRelay : IAsyncDisposable
{
    private readonly List<(TcpListener Listener, int Target)> _ways = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Task> _work = [];

    public StorageRelay(string connectionString) => ConnectionString = Port().Replace(connectionString, match =>
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        _ways.Add((new TcpListener(IPAddress.Loopback, port), int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    });

    /// <summary>The same account at the relay's addresses.</summary>
    public string ConnectionString { get; }

    public void Open()
    {
        foreach (var (listener, target) in _ways)
        {
            listener.Start();
            _work.Add(AcceptAsync(listener, target));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _ways.ForEach(way => way.Listener.Dispose());
        await Task.WhenAll(_work);
        _closing.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, int target)
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(PassAsync(await listener.AcceptTcpClientAsync(_closing.Token), target));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task PassAsync(TcpClient near, int target)
    {
        using (near)
        using (var far = new TcpClient())
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, target, _closing.Token);
                await Task.WhenAny(
                    near.GetStream().CopyToAsync(far.GetStream(), _closing.Token), far.GetStream().CopyToAsync(
                        near.GetStream(), _closing.Token));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException)
            {
                // One side has left.
            }
        }
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex Port();
}
