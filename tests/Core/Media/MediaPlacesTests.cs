using Microsoft.Extensions.Time.Testing;
using OpenClaw.Media;
using OpenClaw.Media.Worker;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Who reads a file next.</summary>
public sealed class MediaPlacesTests
{
    private static readonly MediaWorkerOptions Options =
        new() { Places = 2, MaxWaiting = 3, MaxWaitingOfCaller = 2, FreeCost = TimeSpan.FromSeconds(2), MaxWait = TimeSpan.FromHours(1) };

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_caller_of_cheap_files_takes_all_places_when_no_other_caller_waits()
    {
        var places = new MediaPlaces(Options, _clock);
        using var first = await places.TakeAsync("ann", default);
        using var second = await places.TakeAsync("ann", default);
        Assert.False(places.TakeAsync("ann", default).IsCompleted);
    }

    [Fact]
    public async Task A_caller_of_costly_files_keeps_to_its_share_until_the_cost_is_forgotten()
    {
        var places = new MediaPlaces(Options, _clock);
        await SpendAsync(places, "ann", TimeSpan.FromSeconds(6));
        using var first = await places.TakeAsync("ann", default);
        var second = places.TakeAsync("ann", default);
        Assert.False(second.IsCompleted);
        using var others = await places.TakeAsync("bob", default);

        _clock.Advance(TimeSpan.FromMinutes(2));
        others.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task A_free_place_goes_to_the_caller_that_has_used_least()
    {
        var places = new MediaPlaces(Options, _clock);
        await SpendAsync(places, "ann", TimeSpan.FromSeconds(6));
        using var first = await places.TakeAsync("ann", default);
        var held = await places.TakeAsync("bob", default);
        var ann = places.TakeAsync("ann", default);
        var eve = places.TakeAsync("eve", default);

        held.Dispose();
        using var place = await eve;
        Assert.False(ann.IsCompleted);
    }

    [Fact]
    public async Task While_one_caller_holds_all_places_another_gets_one_beside_them()
    {
        var places = new MediaPlaces(Options, _clock);
        var first = await places.TakeAsync("ann", default);
        using var second = await places.TakeAsync("ann", default);
        var ann = places.TakeAsync("ann", default);
        using var bob = await places.TakeAsync("bob", default);
        var eve = places.TakeAsync("eve", default);

        Assert.False(ann.IsCompleted);
        Assert.False(eve.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(6));
        first.Dispose();
        Assert.False(eve.IsCompleted);
        bob.Dispose();
        (await eve).Dispose();
        Assert.False(ann.IsCompleted);
    }

    [Fact]
    public async Task A_file_that_waits_too_long_is_refused_with_a_time_to_retry()
    {
        var places = new MediaPlaces(Options with { MaxWait = TimeSpan.FromSeconds(30) }, _clock);
        using var first = await places.TakeAsync("ann", default);
        using var second = await places.TakeAsync("bob", default);
        var waiting = places.TakeAsync("eve", default);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));
        var late = await Assert.ThrowsAsync<MediaException>(() => waiting);
        Assert.Equal(MediaException.Busy, late.Code);
        Assert.NotNull(late.RetryAfter);
        Assert.False(places.TakeAsync("dan", default).IsCompleted);
    }

    [Fact]
    public async Task Too_many_waiting_files_are_refused_with_a_time_to_retry()
    {
        var places = new MediaPlaces(Options, _clock);
        using var first = await places.TakeAsync("ann", default);
        using var second = await places.TakeAsync("bob", default);
        Task[] waiting = [places.TakeAsync("ann", default), places.TakeAsync("ann", default)];
        var ofCaller = await Assert.ThrowsAsync<MediaException>(() => places.TakeAsync("ann", default));
        Task another = places.TakeAsync("bob", default);
        var ofAll = await Assert.ThrowsAsync<MediaException>(() => places.TakeAsync("eve", default));

        Assert.Equal((MediaException.Busy, MediaException.Busy), (ofCaller.Code, ofAll.Code));
        Assert.NotNull(ofAll.RetryAfter);
        Assert.All([.. waiting, another], static w => Assert.False(w.IsCompleted));
    }

    [Fact]
    public async Task One_that_leaves_the_queue_makes_room()
    {
        var places = new MediaPlaces(Options, _clock);
        using var leave = new CancellationTokenSource();
        var held = await places.TakeAsync("ann", default);
        using var second = await places.TakeAsync("bob", default);
        var leaving = places.TakeAsync("eve", leave.Token);
        var next = places.TakeAsync("dan", default);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        held.Dispose();
        (await next).Dispose();
    }

    private async Task SpendAsync(MediaPlaces places, string caller, TimeSpan time)
    {
        using (await places.TakeAsync(caller, default))
        {
            _clock.Advance(time);
        }
    }
}
