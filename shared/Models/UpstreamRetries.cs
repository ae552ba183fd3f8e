using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace OpenClaw.Models;

/// <summary>What one try came to: an answer, or a failure and what it says about the provider.</summary>
/// <param name="IsTransient">The same request may succeed on another try.</param>
/// <param name="IsDown">The provider itself failed; counts for the circuit breaker.</param>
internal sealed record UpstreamAttempt(UpstreamAnswer? Answer, GatewayException? Failure, bool IsTransient, bool IsDown)
{
    /// <summary>How long to wait before the next try; null: there is none.</summary>
    public TimeSpan? RetryIn { get; init; }

    public static UpstreamAttempt Answered(UpstreamAnswer answer) => new(answer, null, false, false);

    public static UpstreamAttempt Failed(GatewayError error, bool isTransient, bool isDown, Exception? cause = null) =>
        new(null, new GatewayException(error, cause), isTransient, isDown);
}

/// <summary>
/// The rules of trying again (R13, R14): at most three tries, none starting more than 25 s after the first, with full
/// jitter and on top of the provider's <c>Retry-After</c>; a longer one than 20 s ends it. Retries stay within the
/// <see cref="RetryBudget"/>. Half of at least ten tries within 30 s failing on the provider's side opens its circuit;
/// then one probe every 10 s goes through.
/// </summary>
internal sealed class UpstreamRetries
{
    private readonly ModelHttpOptions _options;
    private readonly RetryBudget _budget;
    private readonly ResiliencePipeline<UpstreamAttempt> _pipeline;

    public UpstreamRetries(ModelHttpOptions options)
    {
        _options = options;
        _budget = new RetryBudget(options.TimeProvider);
        _pipeline = new ResiliencePipelineBuilder<UpstreamAttempt> { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions<UpstreamAttempt>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result?.RetryIn is not null),
                DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result?.RetryIn),
            })
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
    /// <exception cref="BrokenCircuitException">The provider has been failing; nothing was sent.</exception>
    public ValueTask<UpstreamAttempt> RunAsync(
        Func<int, CancellationToken, ValueTask<UpstreamAttempt>> send, CancellationToken cancellationToken)
    {
        _budget.Deposit();
        var call = new Call(this, send, _options.TimeProvider.GetTimestamp());
        return _pipeline.ExecuteAsync(static (call, token) => call.TryAsync(token), call, cancellationToken);
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

    private sealed class Call(UpstreamRetries retries, Func<int, CancellationToken, ValueTask<UpstreamAttempt>> send, long started)
    {
        private int _tries;

        public async ValueTask<UpstreamAttempt> TryAsync(CancellationToken cancellationToken)
        {
            var attempt = await send(++_tries, cancellationToken);
            return attempt.Answer is null ? attempt with { RetryIn = retries.DelayAfter(attempt, _tries, started) } : attempt;
        }
    }
}
