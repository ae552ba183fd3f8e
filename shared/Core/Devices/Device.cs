using OpenClaw.Security;

namespace OpenClaw.Devices;

/// <summary>A paired device: what it is, who approved it and what it may do.</summary>
public sealed record Device
{
    /// <summary>The one role that a device can have here.</summary>
    public const string OperatorRole = "operator";

    public required DeviceFacts Facts { get; init; }

    public string Id => Facts.Identity.Id;

    /// <summary>The name that a person gave it; null shows the client's own.</summary>
    public string? Label { get; init; }

    /// <summary>The subject of the caller that approved it. What the device does belongs to that subject.</summary>
    public required string Owner { get; init; }

    /// <summary>What its tokens may do.</summary>
    public required Scope Scopes { get; init; }

    /// <summary><c>secret</c> (it presented the gateway's secret) or <c>owner</c> (a person approved its request).</summary>
    public required string ApprovedVia { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ApprovedAt { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>The tokens that let it in, newest first.</summary>
    public IReadOnlyList<DeviceToken> Tokens { get; init; } = [];

    /// <summary>True when it was approved or its token was rotated, and it has not got the token yet.</summary>
    public bool AwaitsToken { get; init; }

    /// <summary>Counts rotations and revocations. A connection that was let in by an earlier number ends.</summary>
    public int Generation { get; init; }

    /// <summary>The token of this text; null when it is none of the device's.</summary>
    public DeviceToken? FindToken(ReadOnlySpan<char> text)
    {
        foreach (var token in Tokens)
        {
            if (token.Secret.Matches(text))
            {
                return token;
            }
        }

        return null;
    }
}

/// <summary>What a device says about itself when it connects.</summary>
/// <param name="DisplayName">Null when it has none.</param>
public sealed record DeviceFacts(
    DeviceIdentity Identity, string? DisplayName, string Platform, string? DeviceFamily, string ClientId, string ClientMode);

/// <summary>A token of a device; only its hash is stored.</summary>
public sealed record DeviceToken(Secret Secret, DateTimeOffset CreatedAt);
