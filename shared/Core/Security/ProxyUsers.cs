using System.Globalization;
using System.Text;
using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.Security;

/// <summary>Users that a trusted proxy vouches for, as the configuration knows them.</summary>
public static class ProxyUsers
{
    private const string Prefix = "user:";

    private const int MaxLength = 256;

    /// <summary>Who the caller is.</summary>
    public static string SubjectOf(string user) => Prefix + user;

    /// <summary>The user of a subject; null when it is of another kind.</summary>
    public static string? NameOf(string subject) =>
        subject.StartsWith(Prefix, StringComparison.Ordinal) ? subject[Prefix.Length..] : null;

    /// <summary>A user's name as it is compared and stored: compatibility forms such as full-width letters made plain, and in lower case,
    /// so that one person has one name.</summary>
    /// <returns>Null for a text that names no one person: empty, too long, or with characters that the eye does not see or that combine
    /// with others (control, format, marks).</returns>
    public static string? Normalize(string text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        var name = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // By hand: what the runtime knows about normalisation depends on how it was built.
            if (!Rune.TryCreate(UntrustedText.Plain(rune.Value), out var plain) || !IsVisible(plain))
            {
                return null;
            }

            name.Append(Rune.ToLowerInvariant(plain).ToString());
        }

        return name.ToString().Trim() is { Length: > 0 } trimmed ? trimmed : null;
    }

    /// <summary>What the configuration grants to a user: as its <c>identityScopes</c> say. Without that list every user has the default
    /// set; with it, a user whom it does not name has <c>defaultScopes</c>, which are none unless set.</summary>
    /// <param name="user">As <see cref="Normalize"/> gives it.</param>
    /// <exception cref="GatewayException"><c>403 forbidden</c>: the user is not on the list of allowed users.</exception>
    public static Scope GrantedTo(string user, TrustedProxySection proxy)
    {
        if (proxy.AllowUsers.Count > 0 && !proxy.AllowUsers.Any(allowed => Normalize(allowed) == user))
        {
            throw new GatewayException(GatewayError.Forbidden("This user is not allowed to use the gateway."));
        }

        foreach (var (name, scopes) in proxy.IdentityScopes)
        {
            if (Normalize(name) == user)
            {
                return Scopes.Parse(scopes);
            }
        }

        return proxy.DefaultScopes is { } configured ? Scopes.Parse(configured)
            : proxy.IdentityScopes.Count > 0 ? Scope.None
            : Scope.Default;
    }

    private static bool IsVisible(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
