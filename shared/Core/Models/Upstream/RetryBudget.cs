namespace OpenClaw.Models.Upstream;

/// <summary>
/// Keeps retries of one provider at or below a tenth of its traffic: each request puts a tenth of a retry into the
/// bucket, each retry takes one out. A full bucket holds ten, and one comes back every ten seconds without
/// traffic too, so that a quiet gateway may still retry.
/// </summary>
internal sealed class RetryBudget(TimeProvider time)
{
    private const double Share = 0.1;
    private const double Capacity = 10;
    private const double RefillPerSecond = 0.1;

    private readonly Lock _lock = new();
    private double _tokens = Capacity;
    private long _refilled = time.GetTimestamp();

    /// <summary>Counts one request.</summary>
    public void Deposit()
    {
        lock (_lock)
        {
            _tokens = Math.Min(Capacity, _tokens + Share);
        }
    }

    /// <summary>Takes one retry out; false when there is none left.</summary>
    public bool TryWithdraw()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(Capacity, _tokens + (time.GetElapsedTime(_refilled, now).TotalSeconds * RefillPerSecond));
            _refilled = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
