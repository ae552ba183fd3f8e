using Azure;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Sessions;

/// <summary>A session that a run holds, and the state of the run when it took it.</summary>
/// <param name="Row">The version of the run's row.</param>
/// <param name="Attempt">How many times it was begun, this time included.</param>
/// <param name="Batches">Batches that earlier attempts left in its journal.</param>
internal sealed record TakenSession(SessionHead Head, ETag Row, int Attempt, int Batches);
