using OpenClaw.Sessions.Journal;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>What a turn and its journal work with; made by the store that begins the turn, which neither of them knows.</summary>
/// <param name="Stops">Where the runs of this process listen for a request to stop.</param>
/// <param name="Lease">How long an unrenewed lease shuts out other runs.</param>
/// <param name="LogFailure">Of a step of a run, such as <c>renew</c>: what failed there is done again, or runs out by itself.</param>
internal sealed record SessionContext(
    StorageTable Table, Transcript Transcript, SessionPolicy Policy, SessionIndex Index, RunSignals Signals, LocalStops Stops, TimeSpan Lease,
    TimeProvider Time, Action<StorageException, string, string> LogFailure);
