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

    /// <summary>True when <paramref name="granted"/> covers every flag of <paramref name="required"/>, implications included.</summary>
    public static bool Covers(this Scope granted, Scope required)
    {
        if (granted.HasFlag(Scope.OperatorAdmin))
        {
            return true;
        }

        if (granted.HasFlag(Scope.OperatorWrite))
        {
            granted |= Scope.OperatorRead | Scope.OperatorTalk;
        }

        return (granted & required) == required;
    }

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
}
