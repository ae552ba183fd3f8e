namespace OpenClaw.Configuration;

/// <summary>
/// App settings that stand for a secret in Key Vault. Where the platform cannot read the secret it hands the reference itself to the
/// program, as if that were the value: public text in the place of a token. Such a variable counts as not set, and one of ours is an error.
/// Source: learn.microsoft.com/azure/app-service/app-service-key-vault-references, "Troubleshooting".
/// </summary>
internal static class VaultReferences
{
    private const string Start = "@Microsoft.KeyVault(";

    public static IReadOnlyDictionary<string, string> Drop(IReadOnlyDictionary<string, string> environment, ConfigProblems problems)
    {
        if (!environment.Values.Any(IsUnresolved))
        {
            return environment;
        }

        var kept = new Dictionary<string, string>(environment.Count, StringComparer.Ordinal);
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!IsUnresolved(value))
            {
                kept[name] = value;
            }
            else if (name.StartsWith("OPENCLAW_", StringComparison.OrdinalIgnoreCase))
            {
                problems.Error(new ConfigProblem(
                    "", 1, 1,
                    "The platform could not read the Key Vault secret this refers to: is it there, and may the identity read it?", name));
            }
        }

        return kept;
    }

    private static bool IsUnresolved(string value) => value.AsSpan().TrimStart().StartsWith(Start, StringComparison.OrdinalIgnoreCase);
}
