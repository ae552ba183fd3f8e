using Microsoft.Extensions.AI;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

[Trait("Feature", "R13")]
public class HedgingTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Hedging_is_off_by_default()
    {
        await using var models = await ModelHarness.StartAsync();
        var slow = new SlowCall();
        models.Upstream.Next(slow.RunAsync);

        var answer = models.AskAsync();
        await slow.Arrived;
        models.Clock.Advance(TimeSpan.FromSeconds(100));
        slow.Answer();

        Assert.Equal("slow", (await answer.WaitAsync(ModelHarness.Patience)).Text);
        Assert.Single(models.Upstream.Requests);
    }

    [Theory]
    [InlineData("openai-completions")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    public async Task A_second_try_starts_after_the_delay_and_the_first_to_answer_wins(string api)
    {
        await using var models = await StartAsync(api);
        var slow = new SlowCall();
        models.Upstream.Next(slow.RunAsync);

        var answer = models.AskAsync();
        await HedgeAsync(models, slow);

        Assert.Equal("hi", (await answer.WaitAsync(ModelHarness.Patience)).Text);
        await slow.Gone;
        Assert.Equal(2, models.Upstream.Requests.Count);
        Assert.Equal(models.Upstream.Requests[0].Body.GetRawText(), models.Upstream.Requests[1].Body.GetRawText());
    }

    [Fact]
    public async Task The_first_try_wins_when_it_answers_first_and_the_second_is_cancelled()
    {
        await using var models = await StartAsync();
        var (first, second) = (new SlowCall(), new SlowCall());
        models.Upstream.Next(first.RunAsync).Next(second.RunAsync);

        var answer = models.AskAsync();
        await HedgeAsync(models, first);
        await second.Arrived;
        first.Answer();

        Assert.Equal("slow", (await answer.WaitAsync(ModelHarness.Patience)).Text);
        await second.Gone;
    }

    [Fact]
    public async Task A_try_that_fails_does_not_beat_the_one_still_under_way()
    {
        await using var models = await StartAsync();
        var slow = new SlowCall();
        models.Upstream.Next(slow.RunAsync).NextStatus(400);

        var answer = models.AskAsync();
        await HedgeAsync(models, slow);
        await models.Upstream.RequestAsync(1).WaitAsync(ModelHarness.Patience);
        slow.Answer();

        Assert.Equal("slow", (await answer.WaitAsync(ModelHarness.Patience)).Text);
    }

    [Fact]
    public async Task A_failure_before_the_delay_is_left_to_the_rules_of_retrying()
    {
        await using var models = await StartAsync();
        models.Upstream.NextStatus(400);

        Assert.Equal("upstream_rejected", (await models.FailAsync()).Code);
        Assert.Single(models.Upstream.Requests);
    }

    [Fact]
    public async Task Second_tries_come_out_of_the_budget_of_retries()
    {
        var delay = TimeSpan.FromMilliseconds(1); // so that the clock brings nothing back
        await using var models = await StartAsync(delay: delay);
        for (var i = 0; i < 9; i++)
        {
            var slow = new SlowCall();
            models.Upstream.Next(slow.RunAsync);
            var answer = models.AskAsync();
            await HedgeAsync(models, slow, delay);
            await answer.WaitAsync(ModelHarness.Patience);
        }

        models.Upstream.Always(call => call.RespondAsync(429, "{}"));
        await models.FailAsync();

        Assert.Equal(18 + 2, models.Upstream.Requests.Count); // one retry was left of the ten
    }

    [Fact]
    public async Task Second_tries_are_among_the_three()
    {
        await using var models = await StartAsync();
        var slow = new SlowCall();
        models.Upstream.Next(slow.RunAsync).Always(call => call.RespondAsync(503, "{}"));

        var failure = models.FailAsync();
        await HedgeAsync(models, slow);
        await models.Upstream.RequestAsync(1).WaitAsync(ModelHarness.Patience);
        slow.Fail();

        Assert.Equal("upstream_unavailable", (await failure).Code);
        Assert.Equal(3, models.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_leaves_takes_the_winner_along(bool secondWins)
    {
        await using var models = await StartAsync();
        var slow = new SlowCall();
        var talking = new TaskCompletionSource<UpstreamCall>();
        models.Upstream.Next(secondWins ? slow.RunAsync : TalkAsync).Next(TalkAsync);
        using var leaving = new CancellationTokenSource();
        await using var updates = models.Client
            .GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")], null, leaving.Token).GetAsyncEnumerator(leaving.Token);

        var next = updates.MoveNextAsync().AsTask();
        if (secondWins)
        {
            await HedgeAsync(models, slow);
        }

        await next.WaitAsync(ModelHarness.Patience);
        next = updates.MoveNextAsync().AsTask();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(ModelHarness.Patience));
        await (await talking.Task).ClientGone.WaitAsync(ModelHarness.Patience);

        async Task TalkAsync(UpstreamCall call)
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("a");
            talking.TrySetResult(call);
            await call.HangAsync();
        }
    }

    private static Task<ModelHarness> StartAsync(string api = "openai-completions", TimeSpan? delay = null) =>
        ModelHarness.StartAsync(api, configure: provider => provider.HedgeAfterMs = (int)(delay ?? Delay).TotalMilliseconds);

    private static async Task HedgeAsync(ModelHarness models, SlowCall slow, TimeSpan? delay = null)
    {
        await slow.Arrived;
        await models.Clock.WaitForTimerAsync(delay ?? Delay).WaitAsync(ModelHarness.Patience);
        models.Clock.Advance(delay ?? Delay);
    }

    /// <summary>A call that is answered when the test says so.</summary>
    private sealed class SlowCall
    {
        private readonly TaskCompletionSource<UpstreamCall> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Arrived => _arrived.Task.WaitAsync(ModelHarness.Patience);

        /// <summary>The gateway has given it up.</summary>
        public Task Gone => Task.Run(async () => await (await _arrived.Task).ClientGone).WaitAsync(ModelHarness.Patience);

        public void Answer() => _answer.SetResult(true);

        public void Fail() => _answer.SetResult(false);

        public async Task RunAsync(UpstreamCall call)
        {
            _arrived.SetResult(call);
            if (await Task.WhenAny(_answer.Task, call.ClientGone) == _answer.Task)
            {
                await (await _answer.Task ? call.StreamTextAsync("slow") : call.RespondAsync(503, "{}"));
            }
        }
    }
}
