namespace OpenClaw.Runs;

internal enum OutputKind
{
    Message,
    Reasoning,
    Call,
}
