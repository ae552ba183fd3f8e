using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Configuration;
using OpenClaw.Outbound;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;

namespace OpenClaw.Bench;

/// <summary>Fetches mutated URLs over a network that only takes notes: no address may be dialled but the one public, and nothing may be
/// thrown but what callers expect.</summary>
internal static class UrlFuzz
{
    public static async Task<int> RunAsync(int count, int seed)
    {
        var names = UrlMutations.Hosts.ToDictionary(
            host => host.Name, host => host.Address.Split(' ').Select(IPAddress.Parse).ToArray(), StringComparer.OrdinalIgnoreCase);
        var dials = new ConcurrentDictionary<IPAddress, int>();
        var network = new OutboundNetwork(
            (host, _) => names.TryGetValue(host, out var addresses) ? Task.FromResult(addresses)
                : IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address])
                : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)),
            (address, _) =>
            {
                dials.AddOrUpdate(address.Address, 1, (_, before) => before + 1);
                return Task.FromException<OutboundConnection>(new SocketException((int)SocketError.ConnectionRefused));
            });
        var config = new GatewayConfig();
        config.Gateway.Http.Outbound.AllowHttp = true;
        var store = new GatewayConfigStore(config);
        using var fetcher = new GuardedFetcher(
            network, new HostRules(
                store, new GatewayStorage(null, store)), store, TimeProvider.System, NullLogger<GuardedFetcher>.Instance);

        var (refused, failed, wrong) = (0, 0, 0);
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var url = UrlMutations.Next(random);
            try
            {
                await fetcher.GetAsync(url, new FetchPolicy(), CancellationToken.None);
                Report(url, "was fetched");
            }
            catch (FetchException failure)
            {
                _ = failure.Failure == FetchFailure.InvalidUrl ? refused++ : failed++;
            }
            catch (Exception exception)
            {
                Report(url, exception.ToString());
            }
        }

        foreach (var (address, times) in dials.Where(dial => !dial.Key.Equals(IPAddress.Parse(UrlMutations.Public))))
        {
            Report(address.ToString(), $"was dialled {times} times");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} URLs from seed {seed}: {refused} refused by form or name, {failed} failed, {dials.Values.Sum()} dials, {wrong} wrong"));
        return wrong == 0 ? 0 : 1;

        void Report(string what, string how)
        {
            wrong++;
            Console.Error.WriteLine($"{Uri.EscapeDataString(what)} {how}");
        }
    }
}
