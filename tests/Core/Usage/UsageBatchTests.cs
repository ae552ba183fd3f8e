using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Usage;
using Xunit;

namespace OpenClaw.Tests.Core.Usage;

/// <summary>No text of a caller ends the accounting of all.</summary>
[Trait("Feature", "F30")]
public class UsageBatchTests(AzuriteFixture azurite)
{
    private static readonly UsageTotals Five = new(1, 3, 2, 0, 0);

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"mock/m","user":"$","messages":[{"role":"user","content":"hi"}]}""", "user", 512)]
    [InlineData("/v1/responses", """{"model":"mock/m","user":"$","input":"hi"}""", "user", 512)]
    [InlineData("/v1/chat/completions", """{"model":"mock/$","messages":[{"role":"user","content":"hi"}]}""", "model", 251)]
    [InlineData("/v1/responses", """{"model":"mock/$","input":"hi"}""", "model", 251)]
    [InlineData("/v1/messages", """{"model":"mock/$","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""", "model", 251)]
    public async Task A_text_that_goes_into_rows_has_a_limit_where_it_enters(string path, string body, string field, int most)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        foreach (var tooLong in new[] { most + 1, 32_700, 400_000 })
        {
            foreach (var session in new[] { null, "s1" })
            {
                using var refused = await gateway.PostAsync(path, body.Replace("$", new string('a', tooLong), StringComparison.Ordinal),
                    r => r.Headers.Add("x-openclaw-session-key", session is null ? [] : [session]));
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
                Assert.Contains(field, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        using var taken = await gateway.PostAsync(path, body.Replace("$", new string('a', most), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var usage = await gateway.Client.GetAsync("/api/v1/usage?by=session");
        Assert.Equal(HttpStatusCode.OK, usage.StatusCode);
    }

    [Fact]
    public async Task An_entry_that_no_table_takes_is_skipped_and_the_others_are_written()
    {
        var prefix = "t" + Guid.NewGuid().ToString("N")[..12];
        await using (var gateway = await StartAsync(prefix))
        {
            var ledger = gateway.Services.GetRequiredService<UsageLedger>();
            ledger.Count(CallerOf("key:first"), "main", null, "mock/a", Five);
            ledger.Count(CallerOf("key:half-\ud83d"), "main", null, "mock/b", Five); // half a pair cannot be stored
            ledger.Count(CallerOf("key:last"), "main", null, "mock/c", Five);

            using var usage = await gateway.Client.GetAsync("/api/v1/usage?by=key");
            Assert.Equal(HttpStatusCode.OK, usage.StatusCode);
            Assert.Contains("left out", gateway.Log, StringComparison.Ordinal);
            ledger.Count(CallerOf("key:late"), "main", null, "mock/c", Five);
        } // the shutdown writes, and does not throw

        await using var next = await StartAsync(prefix);
        var names = (await next.GetDataAsync("/api/v1/usage?by=key")).GetProperty("items").EnumerateArray()
            .Select(i => i.GetProperty("name").GetString()).Order(StringComparer.Ordinal);
        Assert.Equal(["key:first", "key:last", "key:late"], names);
        Assert.Equal(20, (await next.GetDataAsync("/api/v1/usage")).GetProperty("total").GetProperty("totalTokens").GetInt32());
    }

    [Fact]
    public async Task Names_of_any_length_are_written_in_batches_that_storage_takes()
    {
        await using var gateway = await StartAsync("t" + Guid.NewGuid().ToString("N")[..12]);
        var ledger = gateway.Services.GetRequiredService<UsageLedger>();
        for (var i = 0; i < 250; i++)
        {
            ledger.Count(CallerOf($"user:{i}:" + new string('\u4e16', 40_000)), "main", null, $"mock/{i}", Five);
        }

        var items = (await gateway.GetDataAsync("/api/v1/usage?by=key")).GetProperty("items");
        Assert.Equal(250, items.GetArrayLength());
        Assert.All(items.EnumerateArray(), i => Assert.InRange(i.GetProperty("name").GetString()!.Length, 1_000, 1_025));
    }

    [Fact]
    public void A_batch_says_whether_a_row_still_fits()
    {
        var batch = new TableBatch();
        for (var i = 0; ; i++)
        {
            var row = UsageRow.Of(UsageKey.Of("d20300101", "all", "key", $"n{i}"), "i", new string('\u4e16', 30_000), Five);
            if (!batch.HasRoomFor(row))
            {
                Assert.Throws<StorageLimitException>(() => batch.Upsert(row));
                break;
            }

            batch.Upsert(row);
        }

        Assert.InRange(batch.Count, 10, 99); // cut by bytes, not by operations
        for (var (full, i) = (new TableBatch(), 0); i <= 100; i++)
        {
            var small = UsageRow.Of(UsageKey.Of("d20300101", "all", "key", $"n{i}"), "i", "x", Five);
            Assert.Equal(i < 100, full.HasRoomFor(small));
            _ = i < 100 ? full.Upsert(small) : full;
        }
    }

    private static Caller CallerOf(string subject) => new(subject, Scope.Default, IsIdentity: true, IsOwner: false);

    private Task<GatewayHost> StartAsync(string prefix) =>
        GatewayHost.StartAsync(azurite.StorageAccount, c => c.Storage.Prefix = prefix);
}
