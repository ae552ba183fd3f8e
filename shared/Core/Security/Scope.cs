namespace OpenClaw.Security;

/// <summary>What a caller may do. A closed set; admin implies all, write implies read and talk. Source: operator scopes of
/// OpenClaw.</summary>
[Flags]
public enum Scope
{
    None = 0,
    OperatorRead = 1,
    OperatorWrite = 2,
    OperatorAdmin = 4,
    OperatorApprovals = 8,
    OperatorPairing = 16,
    OperatorTalkSecrets = 32,
    OperatorQuestions = 64,
    OperatorTalk = 128,

    /// <summary>What a shared secret grants, and what an identity gets that asks for nothing narrower.</summary>
    Default = OperatorRead | OperatorWrite | OperatorAdmin | OperatorApprovals | OperatorPairing | OperatorTalkSecrets,
}
