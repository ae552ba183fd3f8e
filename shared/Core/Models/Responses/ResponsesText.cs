namespace OpenClaw.Models.Responses;

/// <summary>The kinds of text that an output item holds.</summary>
internal enum ResponsesText
{
    Text,
    Refusal,
    Summary,
    Reasoning,
}
