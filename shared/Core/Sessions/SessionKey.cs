using System.Buffers;
using System.Text;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Text;

namespace OpenClaw.Sessions;

/// <summary>Names one conversation. The key selects; it is never a permission: callers other than the operator reach only
/// their own sessions, because the owner is part of the partition.</summary>
/// <param name="Owner">Subject of the caller; empty for sessions of the operator.</param>
/// <param name="Agent">Agent id.</param>
/// <param name="Key">Such as <c>agent:main:openai-user:alice</c>.</param>
public sealed record SessionKey(string Owner, string Agent, string Key)
{
    public const int MaxLength = 512;

    private const int PartitionLength = 52; // 256 bits in base32

    private static readonly SearchValues<char> Base32Letters = SearchValues.Create(Base32.Alphabet);

    private static readonly string[] ReservedParts = ["subagent", "cron", "acp"];

    /// <summary>The Table partition: base32 of SHA-256 over the parts, each with its length, so that parts joined in another way
    /// give another partition.</summary>
    public string Partition { get; } = Secret.HashName(Owner, Agent, Key);

    /// <summary>Whether a text has the form of a <see cref="Partition"/>.</summary>
    public static bool IsPartition(string? text) => text is { Length: PartitionLength } && !text.AsSpan().ContainsAnyExcept(Base32Letters);

    /// <summary>The session that a caller names by its key.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_session_key</c>: blank, too long, unprintable or reserved. <c>403 forbidden</c>:
    /// outside the session prefix of the caller's named key.</exception>
    public static SessionKey Explicit(Caller caller, string agent, string key, string param)
    {
        var trimmed = key.Trim();
        if (trimmed.Length is 0 or > MaxLength || trimmed.Any(char.IsControl))
        {
            throw Invalid(param, $"it must hold 1 to {MaxLength} printable characters.");
        }

        if (caller.Key?.MayName(trimmed) == false)
        {
            throw new GatewayException(GatewayError.Forbidden($"Session keys of this API key start with '{caller.Key.SessionPrefix}'."));
        }

        // Anywhere in the key: "agent:main:subagent:x" is a session of a sub-agent.
        var parts = Fold(trimmed).Split(':')[..^1];
        if (parts.Where((_, i) => i != 1 || parts[0] != "agent").Any(ReservedParts.Contains)) // an agent may have such a name
        {
            throw Invalid(param, "the prefixes subagent:, cron: and acp: are reserved, also inside the key.");
        }

        return new SessionKey(OwnerOf(caller), agent, trimmed);
    }

    /// <summary>A session whose key the gateway makes.</summary>
    public static SessionKey Of(Caller caller, string agent, string key) => new(OwnerOf(caller), agent, key);

    /// <summary>The stable session of an end user of an API.</summary>
    /// <param name="surface"><c>openai</c> or <c>openresponses</c>.</param>
    public static SessionKey OfUser(Caller caller, string agent, string surface, string user) =>
        Of(caller, agent, $"agent:{agent}:{surface}-user:{user}");

    private static string OwnerOf(Caller caller) => caller.IsOperator ? "" : caller.Subject;

    /// <summary>The key as a person reads it: full-width forms as ASCII, without zero-width characters, in lower case.</summary>
    private static string Fold(string key)
    {
        var folded = new StringBuilder(key.Length);
        foreach (var c in key)
        {
            var plain = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;
            if (!char.IsWhiteSpace(plain) && char.GetUnicodeCategory(plain) != System.Globalization.UnicodeCategory.Format)
            {
                folded.Append(char.ToLowerInvariant(plain));
            }
        }

        return folded.ToString();
    }

    private static GatewayException Invalid(string param, string message) =>
        new(GatewayError.InvalidRequest($"Invalid session key: {message}", param, ErrorCode.InvalidSessionKey));
}
