namespace OpenClaw.Security;

/// <summary>Wire names and implications of <see cref="Scope"/>.</summary>
public static class Scopes
{
    private static readonly (Scope Scope, string Name)[] Names =
    [
        (Scope.OperatorAdmin, "operator.admin"),
        (Scope.OperatorRead, "operator.read"),
        (Scope.OperatorWrite, "operator.write"),
        (Scope.OperatorApprovals, "operator.approvals"),
        (Scope.OperatorPairing, "operator.pairing"),
        (Scope.OperatorTalkSecrets, "operator.talk.secrets"),
        (Scope.OperatorQuestions, "operator.questions"),
        (Scope.OperatorTalk, "operator.talk"),
    ];

    private static readonly Scope All = Names.Aggregate(Scope.None, static (all, entry) => all | entry.Scope);

    /// <summary>True when <paramref name="granted"/> covers every flag of <paramref name="required"/>, implications included.</summary>
    public static bool Covers(this Scope granted, Scope required)
    {
        granted = granted.WithImplied();
        return (granted & required) == required;
    }

    /// <summary>What of <paramref name="held"/> is left when no more than <paramref name="granted"/> is allowed; implied scopes become
    /// flags of their own.</summary>
    public static Scope Within(this Scope held, Scope granted) =>
        granted.Covers(held) ? held : held.WithImplied() & granted.WithImplied();

    /// <summary>All scopes of a list of wire names; names that do not exist are left out.</summary>
    public static Scope Parse(IEnumerable<string> names) =>
        names.Aggregate(Scope.None, static (all, name) => TryParse(name, out var scope) ? all | scope : all);

    /// <summary>Reads one wire name, case-insensitively.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out Scope scope)
    {
        foreach (var (candidate, text) in Names)
        {
            if (name.Trim().Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                scope = candidate;
                return true;
            }
        }

        scope = Scope.None;
        return false;
    }

    /// <summary>The wire names of all flags set in <paramref name="scope"/>.</summary>
    public static IReadOnlyList<string> ListNames(Scope scope) => [.. Names.Where(n => scope.HasFlag(n.Scope)).Select(n => n.Name)];

    /// <summary>The wire name of the first flag set in <paramref name="scope"/>.</summary>
    public static string NameOf(Scope scope)
    {
        foreach (var (candidate, text) in Names)
        {
            if (scope.HasFlag(candidate))
            {
                return text;
            }
        }

        return "none";
    }

    private static Scope WithImplied(this Scope scope) =>
        scope.HasFlag(Scope.OperatorAdmin) ? All
        : scope.HasFlag(Scope.OperatorWrite) ? scope | Scope.OperatorRead | Scope.OperatorTalk
        : scope;
}
