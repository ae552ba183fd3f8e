using OpenClaw.Configuration.Binding;

namespace OpenClaw.Configuration;

/// <summary>
/// What the configuration may say of a provider with one <c>api</c>. The table of the apis is a floor above, with the models;
/// the code that loads a configuration passes it in.
/// </summary>
public abstract class ProviderRules
{
    /// <summary>The value of <c>api</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Another spelling of <see cref="Name"/>.</summary>
    internal virtual string? Alias => null;

    /// <summary>A protocol of the original that is treated as this one, with a warning.</summary>
    internal virtual string? Replaces => null;

    /// <summary>Settings that no other api has.</summary>
    internal virtual IReadOnlyList<string> OwnKeys => [];

    /// <summary>Whether <c>auth</c> may be <c>managed-identity</c>.</summary>
    internal virtual bool TakesIdentity => false;

    /// <summary>Reports settings that are missing or contradict each other.</summary>
    internal virtual void Check(SectionReader reader, ProviderSection section)
    {
    }
}
