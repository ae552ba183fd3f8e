using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Responses;

/// <summary>A response request, ready to run.</summary>
/// <param name="Empty">The resource before any output.</param>
public sealed record ResponseRun(RunRequest Run, Response Empty);
