using OpenClaw.Gateway.Channels.Inbound;

namespace OpenClaw.Gateway.Channels;

/// <summary>What a person reads who may not ask, on platforms where nobody else sees it.</summary>
internal static class RefusalText
{
    public static string Of(Refusal refusal) => refusal == Refusal.Pairing
        ? "You are not approved yet: give the owner the code that you got from me."
        : "You may not ask me here.";
}
