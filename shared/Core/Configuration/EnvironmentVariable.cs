namespace OpenClaw.Configuration;

/// <summary>An environment variable that the program reads.</summary>
/// <param name="Name">With a <c>*</c> at its end for all that begin so.</param>
/// <param name="Purpose">One line.</param>
public sealed record EnvironmentVariable(string Name, string Purpose)
{
    public bool Covers(string name) => Name.EndsWith('*')
        ? name.Length >= Name.Length && name.StartsWith(Name[..^1], StringComparison.OrdinalIgnoreCase)
        : Name == name;
}
