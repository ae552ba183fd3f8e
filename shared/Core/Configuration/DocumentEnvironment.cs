using OpenClaw.Configuration.Binding;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>The document's <c>env</c> section: variables for <c>${NAME}</c>, directly or under <c>vars</c>, that the process does not
/// have.</summary>
internal static class DocumentEnvironment
{
    private const string Section = "env";

    /// <summary>The document without the section, and a lookup that knows it.</summary>
    public static (ConfigNode Document, ConfigReading Reading) Take(
        ConfigNode document, IReadOnlyDictionary<string, string> environment, ConfigProblems problems)
    {
        var process = new ConfigReading(problems, environment.GetValueOrDefault);
        if (document.Find(Section) is not { } section)
        {
            return (document, process);
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (section.Kind == ConfigNodeKind.Map)
        {
            Read(VariableReferences.Expand(section, Section, process), Section, variables, problems);
        }
        else
        {
            problems.Error(Section, section, $"{Section} must be an object.");
        }

        return (document.As([.. document.Members.Where(member => member.Key != Section)]), new ConfigReading(problems, Lookup));

        string? Lookup(string name) =>
            environment.GetValueOrDefault(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value
                : variables.GetValueOrDefault(name);
    }

    private static void Read(ConfigNode section, string path, Dictionary<string, string> variables, ConfigProblems problems)
    {
        foreach (var member in section.Members)
        {
            var memberPath = ConfigPath.Append(path, member.Key);
            if (member.Value.Kind == ConfigNodeKind.Text)
            {
                variables[member.Key] = member.Value.Text;
            }
            else if (member is { Key: "vars", Value.Kind: ConfigNodeKind.Map } && path == Section)
            {
                Read(member.Value, memberPath, variables, problems);
            }
            else if (path == Section && ForeignKeys.NoteOn(Section, member.Key) is { } note)
            {
                problems.WarnOnce(memberPath, memberPath, member, $"{memberPath} {note}.");
            }
            else
            {
                problems.Error(memberPath, member.Value, $"{memberPath} must be a string.");
            }
        }
    }
}
