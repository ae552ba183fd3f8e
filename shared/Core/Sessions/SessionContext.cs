using OpenClaw.Sessions.Journal;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>Services that a turn and its journal use. The store that begins the turn makes it.</summary>
/// <param name="Stops">The runs of this process, to cancel them at once.</param>
/// <param name="Lease">How long a lease that is not renewed keeps other runs out.</param>
/// <param name="LogFailure">Logs a step of a run that failed, such as <c>renew</c>. The step is repeated later, or the lease runs
/// out.</param>
internal sealed record SessionContext(
    StorageTable Table, Transcript Transcript, SessionPolicy Policy, SessionIndex Index, RunSignals Signals, LocalStops Stops,
        TimeSpan Lease,
    TimeProvider Time, Action<Exception, string, string> LogFailure);
