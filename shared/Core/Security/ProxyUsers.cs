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

    /// <summary>A user's name as it is compared and stored: normalised (NFKC) and in lower case, so that one person has one name.</summary>
    /// <returns>Null for a text that names no one person: empty, too long, or with control, format or other unprintable
    /// characters.</returns>
    public static string? Normalize(string text)
    {
        if (text.Length > MaxLength || !IsText(text))
        {
            return null;
        }

        var name = text.Trim().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        return name.Length is > 0 and <= MaxLength && name == name.Trim() && IsText(name) ? name : null;
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

    private static bool IsText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return true;
    }
}
