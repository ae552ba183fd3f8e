using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Conformance;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>Responses over a WebSocket, where the public suite does not look.</summary>
public class SocketTests
{
    private const string Turn = """{"type":"response.create","model":"mock/test-model","store":false,"input":"Hi"}""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "R15")]
    public async Task A_client_that_leaves_in_the_middle_of_a_turn_cancels_the_call(bool politely)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream);
        var gone = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("hello");
            await call.ClientGone;
            gone.SetResult();
        });
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url));
        await socket.SendAsync(Turn);
        Assert.Equal("response.created", (await socket.ReceiveAsync())!.Value.Type());
        if (politely)
        {
            await socket.CloseAsync();
        }
        else
        {
            socket.Abort();
        }

        await gone.Task.WaitAsync(FunctionsHost.Patience);
        Assert.DoesNotContain("Unexpected failure", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F68")]
    public async Task A_bad_message_is_an_error_and_the_socket_goes_on()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream);
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url));
        foreach (var (message, code) in ((string, string)[])[
            ("{", "invalid_json"), ("[]", "invalid_type"), ("{}", "invalid_value"), ("""{"type":"response.cancel"}""", "invalid_value"),
            ("""{"type":"response.create","stream":false,"input":"Hi"}""", "invalid_request"),
            ("""{"type":"response.create","background":true,"input":"Hi"}""", "invalid_request"),
            ("""{"type":"response.create","model":"no/such-model","input":"Hi","store":false}""", "model_not_found"),
            ("""{"type":"response.create","input":7}""", "invalid_type")])
        {
            var turn = await socket.TurnAsync(message);
            Assert.Empty(turn.Faults);
            Assert.Equal(code, turn.ErrorCode);
        }

        Assert.Equal("completed", (await socket.TurnAsync(Turn)).Status);
        await socket.CloseAsync();
    }

    [Fact]
    [Trait("Feature", "R17")]
    public async Task A_provider_that_dies_fails_one_turn_and_the_next_one_runs()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.SendEventAsync("""{"error":{"message":"broken"}}""");
        });
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url));
        var failed = await socket.TurnAsync(Turn);
        Assert.Empty(failed.Faults);
        Assert.Equal(("failed", "half"), (failed.Status, failed.Response!.Value.Text()));
        Assert.Equal("completed", (await socket.TurnAsync(Turn)).Status);
        await socket.CloseAsync();
    }

    [Fact]
    public async Task After_sixty_minutes_the_socket_says_why_and_closes()
    {
        var clock = new FakeTimeProvider();
        await using var gateway = await GatewayHost.StartAsync(services: s => s.AddSingleton<TimeProvider>(clock));
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url));
        Assert.Equal("completed", (await socket.TurnAsync("""{"type":"response.create","store":false,"input":"Hi"}""")).Status);
        clock.Advance(TimeSpan.FromMinutes(60));

        var last = (await socket.ReceiveAsync())!.Value;
        Assert.Empty(ResponseSchema.Check(last, "socketError"));
        Assert.Equal("websocket_connection_limit_reached", last.GetProperty("error").GetProperty("code").GetString());
        Assert.Null(await socket.ReceiveAsync());
        await socket.CloseAsync();
    }
}
