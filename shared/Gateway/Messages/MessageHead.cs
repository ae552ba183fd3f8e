namespace OpenClaw.Gateway.Messages;

/// <summary>What one answer takes from its request.</summary>
/// <param name="Id"><c>msg_…</c>.</param>
/// <param name="Model">The <c>model</c> field as the caller sent it.</param>
/// <param name="RequestId"><c>req_…</c>.</param>
/// <param name="Thinking">Whether thinking blocks are part of the answer, and with their text.</param>
internal sealed record MessageHead(string Id, string Model, string RequestId, ThinkingDisplay Thinking);
