using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OpenClaw.Configuration;
using OpenClaw.Outbound;

namespace OpenClaw.Tools.Mcp;

/// <summary>One session with a server. Results are read as JSON, not as the library's types, so that one bad tool does not hide the
/// others.</summary>
internal sealed class McpConnection : IAsyncDisposable
{
    private const int MostPages = 20;

    /// <summary>A server that does not answer when it is told good-bye must not hold up the gateway.</summary>
    private static readonly TimeSpan PartingTime = TimeSpan.FromSeconds(2);

    private readonly McpClient _client;
    private readonly McpAllowance _allowance;
    private readonly IDisposable _line;
    private readonly TimeProvider _time;

    private McpConnection(McpClient client, McpAllowance allowance, IDisposable line, TimeProvider time) =>
        (_client, _allowance, _line, _time) = (client, allowance, line, time);

    /// <summary>False once the server has ended the session or its program has ended.</summary>
    public bool IsAlive => !_client.Completion.IsCompleted;

    /// <summary>What the server says about its use; untrusted.</summary>
    public string? Instructions => _client.ServerInstructions;

    /// <param name="listChanged">Called when the server says that its tools have changed.</param>
    /// <exception cref="McpServerException">It cannot be reached, refuses, or does not speak the protocol.</exception>
    public static async Task<McpConnection> OpenAsync(
        string name, McpServerSection server, OutboundNetwork network, HostTraits host, TimeProvider time, Action listChanged,
        CancellationToken cancellationToken)
    {
        var allowance = new McpAllowance();
        var (transport, line) = server.Url is null
            ? StartProgram(server, allowance) : ReachSite(name, server, allowance, network, host, time);
        try
        {
            var client = await McpClient.CreateAsync(
                transport,
                new McpClientOptions
                {
                    ClientInfo = new Implementation { Name = "openclaw-functions", Version = Version },
                    InitializationTimeout = TimeSpan.FromMilliseconds(server.ConnectionTimeoutMs),
                    TimeProvider = time,
                    Handlers = new McpClientHandlers
                    {
                        NotificationHandlers =
                        [
                            new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                            {
                                listChanged();
                                return ValueTask.CompletedTask;
                            }),
                        ],
                    },
                },
                loggerFactory: null, // it would log what servers and models say
                cancellationToken);
            return new McpConnection(client, allowance, line, time);
        }
        catch (Exception failure)
        {
            line.Dispose();
            throw cancellationToken.IsCancellationRequested ? failure : Translate(failure);
        }
    }

    /// <summary>All tools, page by page, as the server describes them.</summary>
    /// <inheritdoc cref="RequestAsync" path="/exception"/>
    public async Task<IReadOnlyList<JsonElement>> ListToolsAsync(CancellationToken cancellationToken)
    {
        var tools = new List<JsonElement>();
        string? cursor = null;
        for (var page = 0; page < MostPages && (page == 0 || cursor is { Length: > 0 }); page++)
        {
            var result = await RequestAsync(
                RequestMethods.ToolsList, cursor is null ? new JsonObject() : new JsonObject { ["cursor"] = cursor }, cancellationToken);
            if (!result.TryGetProperty("tools", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                throw new McpServerException("It sends no list of tools.");
            }

            tools.AddRange(list.EnumerateArray().Take(McpListing.MostTools - tools.Count));
            cursor = tools.Count < McpListing.MostTools && result.TryGetProperty("nextCursor", out var next)
                && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        }

        return tools;
    }

    /// <returns>The whole result, as the server sent it.</returns>
    /// <inheritdoc cref="RequestAsync" path="/exception"/>
    public Task<JsonElement> CallToolAsync(string tool, JsonElement arguments, CancellationToken cancellationToken) => RequestAsync(
        RequestMethods.ToolsCall,
        new JsonObject
        {
            ["name"] = tool,
            ["arguments"] = arguments.ValueKind == JsonValueKind.Object ? JsonObject.Create(arguments) : [],
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _client.DisposeAsync().AsTask().WaitAsync(PartingTime, _time);
        }
        catch (Exception)
        {
            // the server does not say good-bye; its line is cut below
        }

        _line.Dispose();
    }

    /// <exception cref="McpServerException">The server refuses, answers nonsense or does not answer; it may have acted all the same,
    /// unless its session was lost.</exception>
    private async Task<JsonElement> RequestAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        _allowance.Renew();
        try
        {
            var answer = await _client.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, cancellationToken);
            var result = JsonElement.Parse(answer.Result?.ToJsonString() ?? "null");
            return result.ValueKind == JsonValueKind.Object ? result : throw new McpServerException("Its answer is not an object.");
        }
        catch (Exception failure) when (failure is not McpServerException && !cancellationToken.IsCancellationRequested)
        {
            throw Translate(failure);
        }
    }

    private static (IClientTransport Transport, IDisposable Line) StartProgram(McpServerSection server, McpAllowance allowance)
    {
        var program = McpProgram.Start(server);
        return (new StreamClientTransport(program.Input, new McpStream(program.Output, allowance)), program);
    }

    private static (IClientTransport Transport, IDisposable Line) ReachSite(
        string name, McpServerSection server, McpAllowance allowance, OutboundNetwork network, HostTraits host, TimeProvider time)
    {
        var http = McpHttp.Create(server, allowance, network, time);
        var options = new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Url!),
            Name = name,
            TransportMode = server.Transport switch
            {
                "streamable-http" => HttpTransportMode.StreamableHttp,
                "sse" => HttpTransportMode.Sse,
                _ => HttpTransportMode.AutoDetect,
            },
            AdditionalHeaders = new Dictionary<string, string>(server.Headers),
            ConnectionTimeout = TimeSpan.FromMilliseconds(server.ConnectionTimeoutMs),
            EnableStandaloneGetStream = !host.IsWorker, // an instance there may be frozen between requests
        };
        return (new HttpClientTransport(options, http, loggerFactory: null, ownsHttpClient: false), http);
    }

    private static string Version => typeof(McpConnection).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>A reason that may be shown: in the library's messages the server has a say.</summary>
    private static McpServerException Translate(Exception failure)
    {
        HttpStatusCode? status = null;
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is McpServerException known)
            {
                return known;
            }

            status ??= cause switch
            {
                HttpRequestException request => request.StatusCode,
                ClientTransportClosedException { Details: HttpClientCompletionDetails details } => details.HttpStatusCode,
                _ => null,
            };
        }

        return new McpServerException(
            failure switch
            {
                _ when status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                    $"It refuses the gateway's credentials ({(int)status}).",
                _ when status is { } other => $"It answers with status {(int)other}.",
                McpProtocolException protocol => $"It answers with the error {(int)protocol.ErrorCode}.",
                OperationCanceledException or TimeoutException => "It does not answer in time.",
                HttpRequestException or IOException => "It cannot be reached, or the connection broke off.",
                _ => "It answers something else than the protocol says.",
            },
            failure);
    }
}
