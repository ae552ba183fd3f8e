using System.Net;
using System.Text;
using OpenClaw.Functions;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>Every route with every kind of credential and every scope, under both hosts. The table says, independently of the code, who
/// may call what; a route that it does not know fails the test.</summary>
[Trait("Feature", "T5")]
public sealed class RouteMatrixTests(TokenHosts hosts, OpenHosts open) : IClassFixture<TokenHosts>, IClassFixture<OpenHosts>
{
    private const string Read = "operator.read";
    private const string Write = "operator.write";
    private const string Admin = "operator.admin";
    private const string Pairing = "operator.pairing";
    private const string Approvals = "operator.approvals";
    private const string Anyone = "anyone";
    private const string Gateway = "the gateway itself";
    private const string AnyScope = "any credential";

    /// <summary>A proof of the protocol's own, which no credential of the gateway replaces.</summary>
    private const string OwnProof = "a proof of its own";

    private static readonly string[] AllScopes =
        [Read, Write, Admin, "operator.approvals", "operator.pairing", "operator.questions", "operator.talk", "operator.talk.secrets"];

    /// <summary>Function, what it needs, and a body that decides on it.</summary>
    private static readonly (string Function, string Needs, string? Body)[] Table =
    [
        ("Health", Anyone, null), ("Healthz", Anyone, null), ("Startupz", Anyone, null), ("Readyz", Anyone, null),
        ("ListModels", Read, null), ("RetrieveModel", Read, null),
        ("CreateChatCompletion", Write, "{}"), ("CreateEmbedding", Write, "{}"), ("CallMcp", Write, "{}"),
        ("CreateMessage", Write, "{}"), ("CountMessageTokens", Read, "{}"),
        ("CreateResponse", Write, "[]"), ("ConnectResponses", Write, null), ("CompactResponse", Write, "{}"),
        ("CountInputTokens", Read, "[]"), ("GetResponse", Read, null), ("DeleteResponse", Write, null),
        ("CancelResponse", Write, null), ("ListResponseInput", Read, null),
        ("GetHealthDetails", Read, null), ("GetStatus", Read, null), ("ListModelInfo", Read, null), ("ListChannels", Read, null),
        ("ListSenders", Pairing, null), ("PairSender", Pairing, "{}"), ("ReceiveTelegram", OwnProof, null),
        ("ReceiveHook", OwnProof, null), ("ListMcpServers", Read, null),
        ("ReceiveSlack", OwnProof, null), ("ReceiveDiscord", OwnProof, null), ("ReceiveWhatsApp", OwnProof, null),
        ("GetUsage", Read, null),
        ("SendMessage", Write, "{}"),
        ("InvokeTool", Write, "{}"), ("InvokeToolUnderV1", Write, "{}"),
        ("ListApiKeys", Admin, null), ("CreateApiKey", Admin, "{}"), ("GetApiKey", Admin, null), ("ChangeApiKey", Admin, "{}"),
        ("RevokeApiKey", Admin, null), ("RotateApiKey", Admin, null),
        ("GetRun", Read, null), ("ListRunEvents", Read, null), ("CancelRun", Write, null), ("ExecuteRuns", Gateway, null),
        ("ListSessions", Read, null), ("ExportSession", Read, null), ("GetSession", Read, null), ("DeleteSession", Admin, null),
        ("GetSessionHistory", Read, null), ("KillSession", Admin, null),
        ("OperateSession", Read, "{}"),
        ("OperateSession", Read, """{"action":"get"}"""), ("OperateSession", Read, """{"action":"history"}"""),
        ("OperateSession", Write, """{"action":"patch"}"""), ("OperateSession", Admin, """{"action":"reset"}"""),
        ("OperateSession", Admin, """{"action":"compact"}"""), ("OperateSession", Admin, """{"action":"delete"}"""),
        ("OperateSession", Write, """{"action":"send"}"""), ("OperateSession", Write, """{"action":"abort"}"""),
        ("CreateMedia", Write, "{}"), ("ListMedia", Read, null), ("GetMedia", Read, null), ("DeleteMedia", Write, null),
        ("ReadMedia", Read, null),
        ("CreateFile", Write, "{}"), ("ListFiles", Read, null), ("GetFile", Read, null), ("GetFileContent", Read, null),
        ("DeleteFile", Write, null),
        ("ListApprovals", Approvals, null), ("ResolveApproval", Approvals, "{}"),
        ("ListDevices", Pairing, null), ("ApproveDevice", Pairing, null), ("RejectDevice", Pairing, null), ("RevokeDevice", Pairing, null),
        ("RemoveDevice", Pairing, null), ("ConnectControlPlane", Anyone, null),
        ("ListJobs", Read, null), ("CreateJob", Admin, "{}"), ("GetJob", Read, null), ("ChangeJob", Admin, "{}"), ("DeleteJob", Admin, null),
        ("RunJob", Admin, null), ("ListJobRuns", Read, null),
        ("Negotiate", AnyScope, null), ("NegotiateUnderApi", AnyScope, null),
        ("ConnectHub", OwnProof, null), ("HandleSignalREvent", OwnProof, null),
        ("UnknownPath", Anyone, null),
    ];

    [Fact]
    public void Every_route_has_its_place_in_the_table() => Assert.Equal(
        GatewayFunctions.Create().Http.Select(f => f.Name).Order(StringComparer.Ordinal),
        Table.Select(row => row.Function).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_credential_opens_what_its_scopes_allow_and_nothing_else(bool isWorker)
    {
        var keys = new Dictionary<string, string>();
        foreach (var scope in AllScopes)
        {
            using var made = await hosts.SendAsync(
                isWorker, HttpMethod.Post, "/api/keys", $$"""{"name":"one","scopes":["{{scope}}"]}""", TokenHosts.Token);
            keys[scope] = (await Support.AnswerReading.ReadJsonAsync(made)).GetProperty("data").GetProperty("key").GetString()!;
        }

        var faults = new StringBuilder();
        foreach (var call in Calls())
        {
            await CheckAsync(hosts, "nothing", [], call.Needs is Anyone ? null : HttpStatusCode.Unauthorized);
            await CheckAsync(
                hosts, "a wrong secret", [("Authorization", "Bearer wrong")], call.Needs is Anyone ? null : HttpStatusCode.Unauthorized);
            await CheckAsync(hosts, "a key that does not exist", [("Authorization", "Bearer oc_live_0123456789abcdef_0123456789abcdef")],
                call.Needs is Anyone ? null : HttpStatusCode.Unauthorized);
            await CheckAsync(hosts, "the gateway's token", [TokenHosts.Token], Expect(call.Needs, Admin));
            foreach (var scope in AllScopes)
            {
                await CheckAsync(hosts, $"a key with {scope}", [("Authorization", $"Bearer {keys[scope]}")], Expect(call.Needs, scope));
                await CheckAsync(open, $"no credential and {scope}", [("x-openclaw-scopes", scope)], Expect(call.Needs, scope));
            }

            await CheckAsync(open, "no credential and no scope", [("x-openclaw-scopes", "")], Expect(call.Needs, ""));
            await CheckAsync(open, "a page of another origin", [("Origin", TwoHosts.Stranger)], call.Needs switch
            {
                Anyone => null,
                Gateway => HttpStatusCode.Unauthorized,
                _ => HttpStatusCode.Forbidden,
            });

            async Task CheckAsync(TwoHosts at, string who, (string, string)[] headers, HttpStatusCode? refused)
            {
                using var answer = await at.SendAsync(isWorker, call.Method, call.Path, call.Body, headers);
                var isRefused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                // SignalR is not configured here: the cloud's routes of it are 404 or 503 for all
                var isAbsent = answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable;
                var isFault = call.Needs is OwnProof ? !isRefused && !isAbsent
                    : refused is { } status ? answer.StatusCode != status
                    : isRefused || ((int)answer.StatusCode >= 500 && !(isAbsent && call.Path.EndsWith("negotiate", StringComparison.Ordinal)));
                if (isFault)
                {
                    faults.AppendLine($"{call.Method} {call.Path} {call.Body} with {who}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Equal("", faults.ToString());
    }

    /// <summary>The status of a refusal; null for none.</summary>
    private static HttpStatusCode? Expect(string needs, string scope) => needs switch
    {
        Anyone => null,
        Gateway => HttpStatusCode.Unauthorized,
        AnyScope or OwnProof => null,
        _ when scope == Admin || scope == needs || (scope == Write && needs == Read) => null,
        _ => HttpStatusCode.Forbidden,
    };

    private static IEnumerable<(HttpMethod Method, string Path, string? Body, string Needs)> Calls()
    {
        var functions = GatewayFunctions.Create().Http.ToDictionary(f => f.Name);
        foreach (var (name, needs, body) in Table)
        {
            var function = functions[name];
            var path = "/" + string.Join('/', function.Route.Split('/').Select(part => part.StartsWith('{') ? "nothing" : part));
            foreach (var method in function.Methods.DefaultIfEmpty("GET"))
            {
                yield return (new HttpMethod(method), path, body, needs);
            }
        }

        // what no route serves needs the credentials of its neighbours
        yield return (HttpMethod.Get, "/v1/nothing", null, AnyScope);
        yield return (HttpMethod.Delete, "/api/status", null, AnyScope);
    }
}
