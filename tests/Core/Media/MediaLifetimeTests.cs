using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Functions.Triggers;
using OpenClaw.Media.Files;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.ApiKeyGateway;
using static OpenClaw.Tests.Support.Gateways.MediaGateway;

namespace OpenClaw.Tests.Core.Media;

/// <summary>When stored files are gone, for readers and for storage, and what they take of a quota until then.</summary>
public class MediaLifetimeTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "R12")]
    [Trait("Feature", "F10")]
    public async Task Expiry_is_exact_for_readers_though_the_content_is_still_stored()
    {
        var clock = Clock();
        await using var gateway = await MediaGateway.StartAsync(
            azurite.StorageAccount, clock, c => c.Gateway.Http.Media.TicketSeconds = 86_400);
        var media = await gateway.UploadAsync(query: "?ttlSeconds=1000");
        string[] paths = [$"/media/{media.Id()}", $"/api/media/{media.Id()}", $"/v1/files/{media.Id()}", $"/v1/files/{media.Id()}/content"];
        clock.Advance(TimeSpan.FromSeconds(999));
        Assert.All(await StatusesAsync(), s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetOpenlyAsync(media.Text("ticketUrl"))).StatusCode);

        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.All(await StatusesAsync(), s => Assert.Equal(HttpStatusCode.NotFound, s));
        // lasts no longer than its file
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetOpenlyAsync(media.Text("ticketUrl"))).StatusCode);
        using var delete = await gateway.Client.DeleteAsync(paths[1]);
        Assert.Equal((HttpStatusCode.NotFound, "MEDIA_NOT_FOUND"), await delete.ReadFailureAsync());
        Assert.Empty((await gateway.GetDataAsync("/api/media")).GetProperty("media").EnumerateArray());
        Assert.Equal([media.Id()], (await gateway.StoredAsync()).Blobs);

        async Task<HttpStatusCode[]> StatusesAsync() =>
            await Task.WhenAll(paths.Select(async p => (await gateway.Client.GetAsync(p)).StatusCode));
    }

    [Fact]
    [Trait("Feature", "R12")]
    [Trait("Feature", "R22")]
    public async Task Two_hosts_sweep_what_has_expired_in_batches_of_a_hundred_and_nothing_else()
    {
        var clock = Clock();
        await using var one = await MediaGateway.StartAsync(azurite.StorageAccount, clock);
        await using var two = await MediaGateway.StartAsync(azurite.StorageAccount, clock, prefix: one.Prefix);
        var store = one.Services.GetRequiredService<MediaStore>();
        await SaveAsync(store, 230, TimeSpan.FromMinutes(1));
        await SaveAsync(store, 2, TimeSpan.FromDays(2));
        Assert.Equal(0, await store.SweepAsync(TestContext.Current.CancellationToken));
        clock.Advance(TimeSpan.FromDays(1));
        var batches = new System.Collections.Concurrent.ConcurrentBag<int>();
        store.Swept += batches.Add;
        await Task.WhenAll(new[] { one, two, one, two }.Select(
            g => g.Services.GetRequiredService<SweepMedia>().RunAsync(new TimerInfo(), TestContext.Current.CancellationToken)));

        var (rows, blobs) = await one.StoredAsync();
        Assert.Equal(2, blobs.Count);
        Assert.Equal((2, 2, 2, 1), (
            rows.Count(r => r.StartsWith("media_", StringComparison.Ordinal)), rows.Count(
            r => r.Contains("|file~", StringComparison.Ordinal)),
            rows.Count(r => r.StartsWith("due|", StringComparison.Ordinal)), rows.Count(
                r => r.EndsWith("|usage", StringComparison.Ordinal))));
        Assert.All(batches, b => Assert.InRange(b, 1, 100));
        Assert.Equal(2, (await two.GetDataAsync("/api/media")).GetProperty("media").GetArrayLength());
    }

    [Fact]
    [Trait("Feature", "R12")]
    public async Task A_sweep_that_was_cut_off_is_finished_by_the_next()
    {
        var clock = Clock();
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount, clock);
        var store = gateway.Services.GetRequiredService<MediaStore>();
        await SaveAsync(store, 130, TimeSpan.FromMinutes(1));
        clock.Advance(TimeSpan.FromDays(1));
        using var cut = new CancellationTokenSource();
        store.Swept += _ => cut.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.SweepAsync(cut.Token));

        Assert.Equal(30, (await gateway.StoredAsync()).Blobs.Count);
        Assert.Equal(30, await store.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["usage"], (await gateway.StoredAsync()).Rows.Select(r => r.Split('|')[1]));
    }

    [Fact]
    [Trait("Feature", "R12")]
    public async Task Half_written_upload_of_a_killed_instance_is_invisible_and_later_deleted()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var account = OpenClaw.Storage.StorageAccount.Parse(network.ConnectionString);
        var clock = Clock();
        await using var dying = await MediaGateway.StartAsync(account, clock, c => c.Gateway.Http.Media.QuotaBytes = 1500);
        await using var gateway = await MediaGateway.StartAsync(
            azurite.StorageAccount, clock, c => c.Gateway.Http.Media.QuotaBytes = 1500, dying.Prefix);
        await dying.UploadAsync(Bytes(100)); // tables and containers are there
        network.On(c => c.Service == "Table" && c.Path.Contains("media_", StringComparison.Ordinal), StorageFaults.Drop, int.MaxValue);
        network.On(c => c.Service == "Table" && c.Body.Contains("DELETE", StringComparison.Ordinal), StorageFaults.Drop, int.MaxValue);
        network.On(c => c.Method == "DELETE", StorageFaults.Drop, int.MaxValue);
        using (var answer = await dying.Client.SendAsync(Raw(Bytes(1000))))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE"), await answer.ReadFailureAsync());
        }

        Assert.Equal(2, (await gateway.StoredAsync()).Blobs.Count);
        Assert.Equal(1, (await gateway.GetDataAsync("/api/media")).GetProperty("media").GetArrayLength());
        using (var full = await gateway.Client.SendAsync(Raw(Bytes(1000))))
        {
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "MEDIA_QUOTA_EXCEEDED"), await full.ReadFailureAsync());
        }

        clock.Advance(TimeSpan.FromHours(2)); // the reservation lapses by itself, the first file is still there
        await gateway.UploadAsync(Bytes(1000));
        clock.Advance(TimeSpan.FromDays(2));
        await gateway.Services.GetRequiredService<MediaStore>().SweepAsync(TestContext.Current.CancellationToken);
        Assert.Empty((await gateway.StoredAsync()).Blobs);
    }

    [Fact]
    [Trait("Feature", "F10")]
    public async Task Each_owner_has_a_quota_which_deleting_and_expiry_give_back()
    {
        var clock = Clock();
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount, clock, c => c.Gateway.Http.Media.QuotaBytes = 2500);
        var (_, ann) = await gateway.CreateKeyAsync(Writer);
        var first = await gateway.UploadAsync(Bytes(1000), ann);
        await gateway.UploadAsync(Bytes(1000), ann, "?ttlSeconds=60");
        await RefusedAsync(chunked: false);
        await RefusedAsync(chunked: true);
        await gateway.UploadAsync(Bytes(500), ann); // exactly full
        await gateway.UploadAsync(Bytes(1000)); // the operator's own quota

        using (var deleted = await gateway.SendAsync(HttpMethod.Delete, "/api/media/" + first.Id(), ann))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await gateway.UploadAsync(Raw(Bytes(1000), chunked: true, bearer: ann));
        await RefusedAsync(chunked: false);
        clock.Advance(TimeSpan.FromHours(1)); // without a sweep
        await gateway.UploadAsync(Bytes(1000), ann);
        await RefusedAsync(chunked: false);

        async Task RefusedAsync(bool chunked)
        {
            using var answer = await gateway.Client.SendAsync(Raw(Bytes(1000), chunked: chunked, bearer: ann));
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "MEDIA_QUOTA_EXCEEDED"), await answer.ReadFailureAsync());
        }
    }

    [Fact]
    public async Task Uploads_at_the_same_time_do_not_get_over_the_quota_together()
    {
        await using var one = await MediaGateway.StartAsync(azurite.StorageAccount, Clock(), c => c.Gateway.Http.Media.QuotaBytes = 5000);
        await using var two = await MediaGateway.StartAsync(
            azurite.StorageAccount, Clock(), c => c.Gateway.Http.Media.QuotaBytes = 5000, one.Prefix);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var answer = await (i % 2 == 0 ? one : two).Client.SendAsync(Raw(Bytes(1000, i)));
            return answer.StatusCode;
        }));

        Assert.Equal(5, statuses.Count(s => s == HttpStatusCode.Created));
        Assert.Equal(11, statuses.Count(s => s == HttpStatusCode.RequestEntityTooLarge));
        var (rows, blobs) = await one.StoredAsync();
        Assert.Equal((5, 5), (blobs.Count, rows.Count(r => r.StartsWith("due|", StringComparison.Ordinal))));
    }

    private static async Task SaveAsync(MediaStore store, int count, TimeSpan ttl) => await Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 },
        async (_, token) => await store.SaveAsync("", new ReadOnlyMemory<byte>(Png), "image/png", null, ttl, token));
}
