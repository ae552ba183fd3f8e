namespace OpenClaw.Gateway.Messages;

/// <summary>What a caller sees of the model's thinking.</summary>
internal enum ThinkingDisplay
{
    /// <summary>No thinking blocks: the caller did not ask for thinking.</summary>
    None,

    /// <summary>Thinking blocks have only their signature.</summary>
    Omitted,

    /// <summary>Thinking blocks have text and signature.</summary>
    Shown,
}
