using System.Text;
using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Errors;
using OpenClaw.SignalR;
using OpenClaw.Storage;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.Core.SignalR;

/// <summary>The REST client against a stand-in that checks the audience and signature of each call.</summary>
public sealed class SignalRClientTests : IAsyncLifetime
{
    private SignalRStandIn _service = null!;

    public async ValueTask InitializeAsync() => _service = await SignalRStandIn.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Every_kind_of_target_is_reached_with_a_token_for_its_url()
    {
        using var client = Create();
        var argument = Encoding.UTF8.GetBytes("""{"a":"ü"}""");
        foreach (var target in new[] { SignalRTarget.Hub, SignalRTarget.Connection("c 1/2"), SignalRTarget.User("u"), SignalRTarget.Group("g:ä") })
        {
            await client.SendAsync(target, "frame", argument, CancellationToken.None);
        }

        Assert.Equal(
            ["/api/hubs/openclaw/:send", "/api/hubs/openclaw/connections/c 1/2/:send", "/api/hubs/openclaw/users/u/:send",
                "/api/hubs/openclaw/groups/g:ä/:send"],
            _service.Calls.Select(c => c.Path));
        Assert.All(_service.Calls, c => Assert.True(c.IsProven));
        Assert.Equal("""{"target":"frame","arguments":[{"a":"ü"}]}""", Encoding.UTF8.GetString(_service.Calls.First().Body));
    }

    [Fact]
    public async Task A_connection_and_a_group_that_are_not_there_are_told_apart_from_failures()
    {
        using var client = Create();

        Assert.False(await client.ExistsAsync(SignalRTarget.Connection("none"), CancellationToken.None));
        Assert.False(await client.ExistsAsync(SignalRTarget.Group("none"), CancellationToken.None));
        Assert.False(await client.AddToGroupAsync("none", "g", CancellationToken.None));
    }

    [Fact]
    public async Task A_call_that_the_service_turns_away_for_now_is_tried_again()
    {
        using var client = Create();
        _service.Faults.Enqueue(503);
        _service.Faults.Enqueue(429);

        await client.SendAsync(SignalRTarget.Hub, "frame", "1"u8.ToArray(), CancellationToken.None);

        Assert.Equal(3, _service.Calls.Count);
    }

    [Fact]
    public async Task A_wrong_key_is_a_clear_failure_and_is_not_tried_again()
    {
        using var client = Create($"Endpoint={_service.Url};AccessKey=another-key");

        var failure = await Assert.ThrowsAsync<GatewayException>(
            () => client.SendAsync(SignalRTarget.Hub, "frame", "1"u8.ToArray(), CancellationToken.None));

        Assert.Equal((503, ErrorCode.RealtimeUnavailable), (failure.Error.Status, failure.Error.Code));
        Assert.False(Assert.Single(_service.Calls).IsProven);
    }

    [Fact]
    public async Task A_service_that_is_gone_is_a_clear_failure()
    {
        using var client = Create();
        await _service.DisposeAsync();

        var failure = await Assert.ThrowsAsync<GatewayException>(
            () => client.ExistsAsync(SignalRTarget.Group("g"), CancellationToken.None));

        Assert.Equal(ErrorCode.RealtimeUnavailable, failure.Error.Code);
        _service = await SignalRStandIn.StartAsync();
    }

    [Fact]
    public async Task A_message_that_the_service_would_refuse_is_not_sent()
    {
        using var client = Create();

        await Assert.ThrowsAsync<ArgumentException>(
            () => client.SendAsync(SignalRTarget.Hub, "frame", new byte[SignalRClient.MaxMessage], CancellationToken.None));

        Assert.Empty(_service.Calls);
    }

    [Fact]
    public async Task A_client_token_is_for_the_client_url_and_carries_user_and_claims()
    {
        using var client = Create();

        var token = await client.CreateClientTokenAsync(
            "ticket-1", TimeSpan.FromMinutes(5), [new("scope", "a"), new("scope", "b"), new("role", "operator")], CancellationToken.None);

        var claims = StandInTokens.Read(token, $"{_service.Url}/client/?hub=openclaw")!;
        Assert.Equal(("ticket-1", "operator"), (claims["asrs.s.uid"].GetString(), claims["role"].GetString()));
        Assert.Equal(["a", "b"], claims["scope"].EnumerateArray().Select(s => s.GetString()));
    }

    [Fact]
    public async Task A_managed_identity_sends_its_token_and_has_the_service_make_those_of_clients()
    {
        using var client = new SignalRClient(
            SignalRConnection.Parse("Endpoint=https://claw.service.signalr.net;AuthType=azure.msi"), "openclaw", TimeProvider.System,
            NullLogger<SignalRClient>.Instance, new PlainCredential(), new Elsewhere(new Uri(_service.Url)));

        var token = await client.CreateClientTokenAsync("ticket-2", TimeSpan.FromMinutes(5), [], CancellationToken.None);

        Assert.Equal("ticket-2", StandInTokens.Read(token, $"{_service.Url}/client/?hub=openclaw")!["asrs.s.uid"].GetString());
        Assert.Equal("/api/hubs/openclaw/:generateToken", Assert.Single(_service.Calls).Path);
    }

    private SignalRClient Create(string? connectionString = null) => new(
        SignalRConnection.Parse(connectionString ?? _service.ConnectionString), "openclaw", TimeProvider.System,
        NullLogger<SignalRClient>.Instance, retry: new StorageRetryOptions { FirstDelay = TimeSpan.Zero });

    /// <summary>Takes the place of the name service and of TLS.</summary>
    private sealed class Elsewhere(Uri url) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(url, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class PlainCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(SignalRStandIn.IdentityToken, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
