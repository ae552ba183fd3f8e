using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace OpenClaw.Tests.Support.Realtime.Fuzz;

/// <summary>How one dialect connects, what it says when nothing is wrong, and what answers a message.</summary>
internal abstract partial class FrameDialect(Uri gateway, string token)
{
    /// <summary>Valid messages before the client has connected.</summary>
    public abstract IReadOnlyList<string> Openings { get; }

    /// <summary>Valid messages of a client that has connected.</summary>
    public abstract IReadOnlyList<string> Samples { get; }

    /// <summary>A message that is answered at once.</summary>
    public abstract string Probe { get; }

    /// <summary>Whether the library below the gateway stops to read after such a message, for this connection only.</summary>
    public virtual bool StopsReading(byte[] message) => false;

    /// <summary>Whether a library below the gateway closes the connection, whose close frame is lost when a message is under way.</summary>
    public virtual bool IsClosedBelow(byte[] message, bool isBinary) => !isBinary && !Utf8.IsValid(message);

    protected Uri Gateway => gateway;

    protected string Token => token;

    /// <summary>All dialects of the gateway, by name.</summary>
    public static IReadOnlyDictionary<string, FrameDialect> All(Uri gateway, string token) => new Dictionary<string, FrameDialect>
    {
        ["rpc"] = new RpcFrames(gateway, token),
        ["simple"] = new SimpleFrames(gateway, token),
        ["hub"] = new HubFrames(gateway, token),
    };

    /// <summary>A connection whose greeting has been read.</summary>
    public abstract Task<FrameSocket> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A connection that is let in.</summary>
    public async Task<FrameSocket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = await OpenAsync(cancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes(Openings[0]), isBinary: false, cancellationToken);
        while (await socket.NextAsync(cancellationToken) is { } text)
        {
            if (Split(text).Any(m => m.Contains("hello-ok", StringComparison.Ordinal) || m.Contains("auth_ok", StringComparison.Ordinal)))
            {
                return socket;
            }
        }

        throw new InvalidOperationException("An honest client was not let in.");
    }

    /// <summary>The messages in one that came.</summary>
    public virtual IEnumerable<string> Split(string text) => [text];

    /// <summary>Makes the last change, such as the end of the record.</summary>
    public virtual byte[] Finish(byte[] message) => message;

    /// <summary>Whether a message of the gateway answers the probe.</summary>
    public abstract bool IsProbed(JsonElement answer);

    /// <summary>Whether the message, which is JSON or not, must get an answer if the connection stays open.</summary>
    public abstract bool NeedsAnswer(JsonElement? message);

    /// <summary>Whether a message of the gateway is the last answer to <paramref name="message"/>.</summary>
    public abstract bool IsAnswer(JsonElement? message, JsonElement answer);

    protected Uri Socket(string path) => new(gateway.ToString().Replace("http://", "ws://", StringComparison.Ordinal).TrimEnd('/') + path);

    /// <summary>Requests, responses and events.</summary>
    private sealed class RpcFrames(Uri gateway, string token) : FrameDialect(gateway, token)
    {
        public override IReadOnlyList<string> Openings { get; } = [FrameSamples.Connect(token)];

        public override IReadOnlyList<string> Samples => FrameSamples.Requests;

        public override string Probe => """{"type":"req","id":"probe","method":"health"}""";

        public override async Task<FrameSocket> OpenAsync(CancellationToken cancellationToken)
        {
            var socket = await FrameSocket.OpenAsync(Socket("/ws"), cancellationToken);
            await socket.NextAsync(cancellationToken);
            return socket;
        }

        public override bool IsProbed(JsonElement answer) => answer.Text("id") == "probe";

        public override bool NeedsAnswer(JsonElement? message) => message is not null;

        public override bool IsAnswer(JsonElement? message, JsonElement answer) =>
            answer.Text("type") == "res" && answer.Text("id") != "probe";
    }

    /// <summary>The simple messages.</summary>
    private sealed class SimpleFrames(Uri gateway, string token) : FrameDialect(gateway, token)
    {
        public override IReadOnlyList<string> Openings { get; } =
            [$$"""{"type":"auth","token":"{{token}}"}""", """{"type":"ping"}""", """{"type":"subscribe","events":["message"]}"""];

        public override IReadOnlyList<string> Samples => FrameSamples.Simple;

        public override string Probe => """{"type":"ping"}""";

        public override async Task<FrameSocket> OpenAsync(CancellationToken cancellationToken)
        {
            var socket = await FrameSocket.OpenAsync(Socket("/ws"), cancellationToken);
            await socket.NextAsync(cancellationToken);
            return socket;
        }

        public override bool IsProbed(JsonElement answer) => answer.Text("type") == "pong";

        public override bool NeedsAnswer(JsonElement? message) => TypeOf(message) != "ping";

        public override bool IsAnswer(JsonElement? message, JsonElement answer) => answer.Text("type") switch
        {
            "error" or "done" => true,
            "subscribed" or "auth_ok" => TypeOf(message) != "message",
            _ => false,
        };

        private static string? TypeOf(JsonElement? message)
        {
            try
            {
                return message?.Text("type");
            }
            catch (InvalidOperationException)
            {
                return null; // half of a surrogate pair
            }
        }
    }

    /// <summary>Invocations in the JSON protocol of SignalR, against the self-host's hub.</summary>
    private sealed partial class HubFrames(Uri gateway, string token) : FrameDialect(gateway, token)
    {
        private const char End = '\u001e';

        public override IReadOnlyList<string> Openings { get; } = [Call(FrameSamples.Connect(token)) + End];

        public override IReadOnlyList<string> Samples { get; } =
        [
            .. FrameSamples.Requests.Select(r => Call(r)), .. FrameSamples.Requests.Select(r => Call($"\"{JsonEncodedText.Encode(r)}\"")),
            .. FrameSamples.Simple.Select(m => Call(m, "simple")), """{"type":6}""", """{"type":5,"invocationId":"x"}""",
        ];

        public override string Probe => Call("""{"type":"req","id":"probe","method":"health"}""", id: "probe") + End;

        /// <summary>With a limit of the message size, SignalR waits behind a message whose type it does not know, for good.</summary>
        public override bool StopsReading(byte[] message) => UnknownType().IsMatch(Encoding.Latin1.GetString(message));

        public override bool IsClosedBelow(byte[] message, bool isBinary) => true;

        public override async Task<FrameSocket> OpenAsync(CancellationToken cancellationToken)
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
            using var answer = await client.PostAsync(new Uri(Gateway, "/negotiate"), null, cancellationToken);
            var ticket = JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            var url = new Uri(ticket.Text("url")!);
            var socket = await FrameSocket.OpenAsync(
                Socket($"{url.PathAndQuery}&access_token={Uri.EscapeDataString(ticket.Text("accessToken")!)}"), cancellationToken);
            await socket.SendAsync(
                Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}" + End), isBinary: false, cancellationToken);
            await socket.NextAsync(cancellationToken);
            return socket;
        }

        public override IEnumerable<string> Split(string text) => text.Split(End, StringSplitOptions.RemoveEmptyEntries);

        public override byte[] Finish(byte[] message) => [.. message, (byte)End];

        public override bool IsProbed(JsonElement answer) => answer.Text("invocationId") == "probe";

        public override bool NeedsAnswer(JsonElement? message) => false; // what the protocol makes of it is SignalR's business

        public override bool IsAnswer(JsonElement? message, JsonElement answer) => true;

        [GeneratedRegex("\"type\":(0|-1)\\b")]
        private static partial Regex UnknownType();

        private static string Call(string argument, string target = "rpc", string id = "1") =>
            $$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":[{{argument}}]}""";
    }
}
