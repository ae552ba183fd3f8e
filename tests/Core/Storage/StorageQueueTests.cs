using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public class StorageQueueTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly StorageQueue _queue = azurite.StorageAccount.Queue(AzuriteFixture.UniqueName());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_received_message_is_hidden_until_it_is_given_back()
    {
        await _queue.SendAsync("wake <&> 👩‍🚀 \u0001", delay: null, timeToLive: null, Token);

        var received = Assert.Single(await _queue.ReceiveAsync(32, Minute, Token));
        Assert.Empty(await _queue.ReceiveAsync(1, Minute, Token));
        await _queue.UpdateAsync(received.Id, received.PopReceipt, "second try", TimeSpan.Zero, Token);
        var again = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));

        Assert.Equal(("wake <&> 👩‍🚀 \u0001", 1), (received.Text, received.DequeueCount));
        Assert.Equal(TimeSpan.FromDays(7), received.Expires - received.Inserted);
        Assert.Equal(("second try", 2, received.Id), (again.Text, again.DequeueCount, again.Id));
        Assert.True(await _queue.DeleteAsync(again.Id, again.PopReceipt, Token));
        Assert.False(await _queue.DeleteAsync(again.Id, again.PopReceipt, Token));
        Assert.Equal(0, await _queue.CountAsync(Token));
    }

    [Fact]
    public async Task A_delayed_message_counts_but_is_not_seen()
    {
        var sent = await _queue.SendAsync("later", TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), Token);
        await _queue.SendAsync("now", delay: null, Timeout.InfiniteTimeSpan, Token);

        Assert.Equal("now", Assert.Single(await _queue.PeekAsync(32, Token)).Text);
        Assert.Equal("now", Assert.Single(await _queue.ReceiveAsync(32, Minute, Token)).Text);
        Assert.Equal(2, await _queue.CountAsync(Token));
        Assert.NotNull(sent.NextVisible);
        Assert.True(await _queue.DeleteAsync(sent.MessageId, sent.PopReceipt, Token));
    }

    [Fact]
    public async Task An_update_without_text_keeps_it_and_voids_the_old_receipt()
    {
        await _queue.SendAsync("kept", delay: null, timeToLive: null, Token);
        var received = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));

        var renewed = await _queue.UpdateAsync(received.Id, received.PopReceipt, text: null, TimeSpan.Zero, Token);
        var failure = await Assert.ThrowsAsync<StorageException>(
            () => _queue.UpdateAsync(received.Id, received.PopReceipt, text: null, Minute, Token));

        Assert.NotEqual(received.PopReceipt, renewed.PopReceipt);
        Assert.Equal("PopReceiptMismatch", failure.Code);
        Assert.Equal("kept", Assert.Single(await _queue.ReceiveAsync(1, Minute, Token)).Text);
    }

    [Fact]
    public async Task A_missing_queue_is_empty_and_a_send_creates_it()
    {
        Assert.Empty(await _queue.ReceiveAsync(1, Minute, Token));
        Assert.Equal(0, await _queue.CountAsync(Token));
        Assert.Empty(await _queue.PeekAsync(1, Token));

        await _queue.SendAsync("x", delay: null, timeToLive: null, Token);
        await _queue.CreateIfNotExistsAsync(Token);
        Assert.Equal(1, await _queue.CountAsync(Token));
    }

    [Fact]
    public async Task A_message_ends_at_48_KiB_of_utf8()
    {
        await _queue.SendAsync(new string('ü', 24 * 1024), delay: null, timeToLive: null, Token);

        await Assert.ThrowsAsync<StorageLimitException>(
            () => _queue.SendAsync(new string('ü', 24 * 1024) + "x", delay: null, timeToLive: null, Token));
        await Assert.ThrowsAsync<StorageLimitException>(() => _queue.SendAsync("x", TimeSpan.FromDays(8), timeToLive: null, Token));
        await Assert.ThrowsAsync<StorageLimitException>(() => _queue.ReceiveAsync(33, Minute, Token));
        Assert.Equal(24 * 1024, Assert.Single(await _queue.ReceiveAsync(1, Minute, Token)).Text.Length);
    }
}
