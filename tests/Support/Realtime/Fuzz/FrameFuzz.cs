using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OpenClaw.Tests.Support.Realtime.Fuzz;

/// <summary>Sends changed messages to a gateway. Each must end in an answer, in nothing where the protocol says so, or in a close frame;
/// after each that left the connection open, an honest message must still be answered.</summary>
internal sealed class FrameFuzz(FrameDialect dialect)
{
    private const int Workers = 32;

    /// <summary>For one message with its answers; matters only when something is wrong.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static readonly int[] CleanCodes = [1000, 1002, 1007, 1008, 1009, 1013];

    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>What went wrong, with the message that did it.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>How often each end was seen.</summary>
    public string Summary => string.Join(", ", _outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {o.Value}"));

    public async Task RunAsync(int count, int seed, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(
            () => WorkAsync(new Random(seed + worker), (count / Workers) + (worker < count % Workers ? 1 : 0), cancellationToken),
            cancellationToken)));
        await using var honest = await dialect.ConnectAsync(cancellationToken);
    }

    private async Task WorkAsync(Random random, int count, CancellationToken cancellationToken)
    {
        FrameSocket? connected = null;
        for (var i = 0; i < count; i++)
        {
            var isOpening = random.Next(5) == 0;
            var message = dialect.Finish(FrameMutations.Next(random, isOpening ? dialect.Openings : dialect.Samples));
            isOpening &= !dialect.StopsReading(message);
            var isBinary = random.Next(4) == 0;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                if (isOpening)
                {
                    await using var socket = await dialect.OpenAsync(cancellationToken);
                    Count(await TryOpeningAsync(socket, message, isBinary, patience.Token), socket, message, isBinary);
                    continue;
                }

                connected ??= await dialect.ConnectAsync(cancellationToken);
                if (dialect.StopsReading(message))
                {
                    await connected.SendAsync(message, isBinary, patience.Token);
                    await connected.DisposeAsync();
                    connected = null;
                    continue;
                }

                if (await TryAsync(connected, message, isBinary, patience.Token) is { } outcome)
                {
                    Count(outcome, connected, message, isBinary);
                    continue;
                }

                Count(null, connected, message, isBinary);
            }
            catch (Exception failure) when (failure is InvalidOperationException or JsonException)
            {
                _faults.Enqueue($"{failure.Message}: {Show(message)}");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _faults.Enqueue($"no end in {Patience.TotalSeconds} s: {Show(message)}");
            }

            await (connected?.DisposeAsync() ?? ValueTask.CompletedTask);
            connected = null;
        }

        await (connected?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <returns>How it ended; null when the connection was closed.</returns>
    private async Task<string?> TryOpeningAsync(FrameSocket socket, byte[] message, bool isBinary, CancellationToken cancellationToken)
    {
        await socket.SendAsync(message, isBinary, cancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes(dialect.Probe), isBinary: false, cancellationToken);
        string? last = null;
        while (await socket.NextAsync(cancellationToken) is { } text)
        {
            foreach (var answer in dialect.Split(text).Select(a => JsonElement.Parse(a)))
            {
                CheckNoFailure(answer);
                if (dialect.IsProbed(answer) || answer.Text("type") is "error")
                {
                    return "open";
                }

                last = answer.GetRawText();
            }
        }

        return last?.Contains("hello-ok", StringComparison.Ordinal) == true ? "hello" : null;
    }

    /// <returns>How it ended; null when the connection was closed.</returns>
    private async Task<string?> TryAsync(FrameSocket socket, byte[] message, bool isBinary, CancellationToken cancellationToken)
    {
        var json = Parse(message);
        var needsAnswer = dialect.NeedsAnswer(json);
        var (isProbed, isAnswered) = (false, false);
        await socket.SendAsync(message, isBinary, cancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes(dialect.Probe), isBinary: false, cancellationToken);
        while (!isProbed || (needsAnswer && !isAnswered))
        {
            if (await socket.NextAsync(cancellationToken) is not { } text)
            {
                return null;
            }

            foreach (var answer in dialect.Split(text).Select(a => JsonElement.Parse(a)))
            {
                CheckNoFailure(answer);
                if (dialect.IsProbed(answer))
                {
                    isProbed = true;
                }
                else if (dialect.IsAnswer(json, answer))
                {
                    isAnswered = true;
                }
            }
        }

        return isAnswered ? "answered" : "passed over";
    }

    private void Count(string? outcome, FrameSocket socket, byte[] message, bool isBinary)
    {
        var end = outcome ?? "closed " + (socket.CloseCode?.ToString(CultureInfo.InvariantCulture) ?? "without a close frame");
        _outcomes.AddOrUpdate(end, 1, static (_, before) => before + 1);
        var isClean = socket.CloseCode is { } code ? CleanCodes.Contains(code) : dialect.IsClosedBelow(message, isBinary);
        if (outcome is null && !isClean)
        {
            _faults.Enqueue($"{end}: {Show(message)}");
        }
    }

    /// <summary>An answer may say that the client is wrong, never that the gateway is.</summary>
    private static void CheckNoFailure(JsonElement answer)
    {
        var text = answer.GetRawText();
        if (text.Contains("INTERNAL_ERROR", StringComparison.OrdinalIgnoreCase)
            || text.Contains("unexpected error occurred", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("the gateway failed: " + text);
        }
    }

    private static JsonElement? Parse(byte[] message)
    {
        try
        {
            return Utf8.IsValid(message) ? JsonElement.Parse(message) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Show(byte[] message) =>
        Encoding.Latin1.GetString(message.AsSpan(0, Math.Min(message.Length, 400))).ReplaceLineEndings("\\n");
}
