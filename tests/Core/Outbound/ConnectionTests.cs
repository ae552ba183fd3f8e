using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Outbound;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>From a name to a connection: what is dialled, with whom TLS is spoken, and what a caller gets to know.</summary>
public class ConnectionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    [Trait("Feature", "F60")]
    public async Task The_address_that_was_judged_is_the_one_that_is_dialled()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("rebind.example.com", context =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        var address = await fetching.Internet.AddressOfAsync("rebind.example.com");
        fetching.Internet.Resolve("rebind.example.com", address.ToString(), "169.254.169.254");

        await fetching.GetAsync("https://rebind.example.com/1");
        Assert.Equal(["rebind.example.com"], fetching.Internet.Lookups);
        Assert.Equal([new IPEndPoint(address, 443)], fetching.Internet.Dials);

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://rebind.example.com/2"));
        Assert.Equal(2, fetching.Internet.Lookups.Count);
        Assert.Single(fetching.Internet.Dials);
    }

    [Theory]
    [Trait("Feature", "T26")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData(null)]
    public async Task A_connection_that_turns_out_to_lead_elsewhere_is_not_used(string? remote)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", _ => Task.CompletedTask);
        fetching.Internet.Remote = _ => remote is null ? null : new IPEndPoint(IPAddress.Parse(remote), 443);

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://one.example.com/x"));
        Assert.Empty(fetching.Internet.Requests);
        Assert.Contains("its connection led elsewhere", fetching.Log);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_is_passed_over()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", _ => Task.CompletedTask);
        var address = await fetching.Internet.AddressOfAsync("one.example.com");
        fetching.Internet.Resolve("one.example.com", $"2606:4700::1111 93.184.215.14 {address}");

        await fetching.GetAsync("https://one.example.com/x");

        Assert.Equal(3, fetching.Internet.Dials.Count);
    }

    [Fact]
    [Trait("Feature", "F60")]
    public async Task A_resolver_that_hangs_is_given_five_seconds()
    {
        var clock = new FakeTimeProvider();
        await using var fetching = await Fetching.StartAsync(time: clock);
        var asked = new TaskCompletionSource();
        fetching.Internet.Resolve("slow.example.com", _ =>
        {
            asked.SetResult();
            return new TaskCompletionSource<IPAddress[]>().Task;
        });

        var fetch = fetching.FailAsync("https://slow.example.com/x", new FetchPolicy { Timeout = Long, HeaderTimeout = Long });
        await asked.Task;
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(FetchFailure.Failed, await fetch);
        Assert.Contains("its name took too long to resolve", fetching.Log);
        Assert.Empty(fetching.Internet.Dials);
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData(FakeCertificate.Expired)]
    [InlineData(FakeCertificate.OfAnotherHost)]
    [InlineData(FakeCertificate.SelfSigned)]
    [InlineData(FakeCertificate.WithoutIssuer)]
    [InlineData(FakeCertificate.OldProtocol)]
    public async Task A_server_that_cannot_prove_itself_gets_no_request(FakeCertificate certificate)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", _ => Task.CompletedTask).Certify("one.example.com", certificate);

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://one.example.com/x"));

        Assert.Single(fetching.Internet.Dials);
        Assert.Empty(fetching.Internet.Requests);
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData(FakeCertificate.Good, true)]
    [InlineData(FakeCertificate.WithoutIssuer, false)]
    public async Task Addresses_inside_a_certificate_are_not_asked(FakeCertificate certificate, bool isFetched)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", _ => Task.CompletedTask)
            .Certify("one.example.com", certificate, $"http://{listener.LocalEndpoint}/issuer.crt");

        if (isFetched)
        {
            await fetching.GetAsync("https://one.example.com/x");
        }
        else
        {
            await fetching.FailAsync("https://one.example.com/x");
        }

        Assert.False(listener.Pending());
    }

    [Fact]
    [Trait("Feature", "F60")]
    public async Task Every_failure_of_the_network_looks_the_same()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("status.example.com", context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        fetching.Internet.Serve("tls.example.com", _ => Task.CompletedTask).Certify("tls.example.com", FakeCertificate.SelfSigned);
        fetching.Internet.Resolve("blocked.example.com", "10.0.0.1").Resolve("closed.example.com", "93.184.215.14");

        var failures = new List<FetchException>();
        foreach (var host in new[] { "status", "tls", "blocked", "closed", "unknown" })
        {
            failures.Add(await Assert.ThrowsAsync<FetchException>(
                () => fetching.GetAsync($"https://{host}.example.com/secret-path?secret-query#secret")));
        }

        Assert.Single(failures.Select(failure => (failure.Failure, failure.Message, failure.InnerException)).Distinct());
        foreach (var reason in new[] { "it is answered 500", "UntrustedRoot", "its name leads to 10.0.0.1", "ConnectionRefused",
            "HostNotFound" })
        {
            Assert.Contains(reason, fetching.Log);
        }

        Assert.DoesNotContain("secret", fetching.Log);
    }

    [Fact]
    public async Task The_log_of_a_refused_URL_holds_nothing_of_it()
    {
        await using var fetching = await Fetching.StartAsync();

        foreach (var url in new[] { "https://ann:canary@example.com/", "https://canary/", "canary://x/", "https://canary.internal/?canary",
            "https://x\ncanary/" })
        {
            var failure = await Assert.ThrowsAsync<FetchException>(() => fetching.GetAsync(url));
            Assert.Equal(FetchFailure.InvalidUrl, failure.Failure);
            Assert.DoesNotContain("canary", failure.Message);
        }

        Assert.DoesNotContain("canary", fetching.Log);
        Assert.Equal(5, fetching.Log.Split("A URL was refused").Length - 1);
    }

    [Fact]
    public async Task The_real_network_reports_the_peers_address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = (IPEndPoint)listener.LocalEndpoint;

        var connection = await OutboundNetwork.Real.Connect(address, TestContext.Current.CancellationToken);
        await using (connection.Stream)
        {
            Assert.Equal(address, connection.Remote);
        }

        listener.Stop();
        await Assert.ThrowsAsync<SocketException>(() => OutboundNetwork.Real.Connect(address, TestContext.Current.CancellationToken));
        // as the guard must expect
        Assert.Contains(IPAddress.Loopback, await OutboundNetwork.Real.Resolve("2130706433", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_caller_who_leaves_gets_no_failure()
    {
        await using var fetching = await Fetching.StartAsync();
        var asked = new TaskCompletionSource();
        fetching.Internet.Serve("one.example.com", async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var caller = new CancellationTokenSource();

        var fetch = fetching.Fetcher.GetAsync("https://one.example.com/x", new FetchPolicy(), caller.Token);
        await asked.Task;
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }
}
