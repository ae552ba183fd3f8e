using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// The rules of retries (R13, R14): at most three tries, none starting more than 25 s after the first, with full
/// jitter and on top of the provider's <c>Retry-After</c>; a longer one than 20 s ends it. Retries stay within the
/// <see cref="RetryBudget"/>. Half of at least ten tries within 30 s failing on the provider's side opens its circuit;
/// then one probe every 10 s goes through. With hedging on, a try that has no answer after a configured delay gets a second one
/// beside it, which counts as a retry; the first answer is used and the other try is cancelled.
/// </summary>
internal sealed class UpstreamRetries
{
    private readonly ModelHttpOptions _options;
    private readonly RetryBudget _budget;
    private static readonly ResiliencePropertyKey<Call> CallKey = new("call");

    private readonly ResiliencePipeline<UpstreamAttempt> _retries;
    private readonly ResiliencePipeline<UpstreamAttempt> _tries;

    /// <param name="hedgeAfter">When a second try starts beside the first; null: never.</param>
    public UpstreamRetries(ModelHttpOptions options, TimeSpan? hedgeAfter)
    {
        _options = options;
        _budget = new RetryBudget(options.TimeProvider);
        _retries = new ResiliencePipelineBuilder<UpstreamAttempt> { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions<UpstreamAttempt>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result?.RetryIn is not null),
                DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result?.RetryIn),
            })
            .Build();
        var tries = new ResiliencePipelineBuilder<UpstreamAttempt> { TimeProvider = options.TimeProvider };
        if (hedgeAfter is { } delay)
        {
            AddHedging(tries, delay);
        }

        _tries = tries
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<UpstreamAttempt>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(10),
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result is { IsDown: true }),
            })
            .Build();
    }

    /// <summary>Runs tries, numbered from 1, until one answers or there are none left.</summary>
    /// <param name="send">Two of these may run at once; its token ends the try but not the answer that the try returned.</param>
    /// <exception cref="BrokenCircuitException">The provider has been failing; nothing was sent.</exception>
    public ValueTask<UpstreamAttempt> RunAsync(
        Func<int, CancellationToken, ValueTask<UpstreamAttempt>> send, CancellationToken cancellationToken)
    {
        _budget.Deposit();
        var call = new Call(this, send, _options.TimeProvider.GetTimestamp());
        return _retries.ExecuteAsync(static (call, token) => call.TryAsync(token), call, cancellationToken);
    }

    private TimeSpan? DelayAfter(UpstreamAttempt attempt, int tries, long started)
    {
        var asked = attempt.Failure?.Error.RetryAfter ?? TimeSpan.Zero;
        if (!attempt.IsTransient || tries >= _options.MaxAttempts || asked > _options.MaxRetryAfter)
        {
            return null;
        }

        var delay = asked + (_options.RetryBaseDelay * Math.Pow(2, tries - 1) * _options.Random.NextDouble());
        var spent = _options.TimeProvider.GetElapsedTime(started);
        return spent + delay <= _options.RetryWindow && _budget.TryWithdraw() ? delay : null;
    }

    // A failure is retried by the rules above, unless a second try is still running that may answer.
    private static void AddHedging(ResiliencePipelineBuilder<UpstreamAttempt> tries, TimeSpan delay) =>
        tries.AddHedging(new HedgingStrategyOptions<UpstreamAttempt>
        {
            MaxHedgedAttempts = 1,
            Delay = delay,
            ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result?.Answer is null && CallOf(args.Context).IsHedged),
            ActionGenerator = static args => CallOf(args.PrimaryContext).TryHedge() ? () => args.Callback(args.ActionContext) : null,
        });

    private static Call CallOf(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);

    private sealed class Call(UpstreamRetries retries, Func<int, CancellationToken, ValueTask<UpstreamAttempt>> send, long started)
    {
        private int _tries;

        /// <summary>A second try runs beside the current one.</summary>
        public bool IsHedged { get; private set; }

        public async ValueTask<UpstreamAttempt> TryAsync(CancellationToken cancellationToken)
        {
            IsHedged = false;
            var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
            context.Properties.Set(CallKey, this);
            try
            {
                var attempt = await retries._tries.ExecuteAsync(
                    static (context, call) => call.SendAsync(context.CancellationToken), context, this);
                return attempt.Answer is null ? attempt with { RetryIn = retries.DelayAfter(attempt, _tries, started) } : attempt;
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }

        public bool TryHedge() => IsHedged = _tries < retries._options.MaxAttempts && retries._budget.TryWithdraw();

        private ValueTask<UpstreamAttempt> SendAsync(CancellationToken cancellationToken) =>
            send(Interlocked.Increment(ref _tries), cancellationToken);
    }
}
