using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>mcp</c> section.</summary>
internal static class McpBinding
{
    private const int MostMilliseconds = 600_000;

    private static readonly TextForm NameForm = new(
        "1 to 64 letters, digits, '.', '-' and '_', starting with a letter or digit", TextForm.ProviderId.Accepts);

    private static readonly TextForm VariableForm = new(
        "the name of an environment variable",
        text => text.Length is > 0 and <= 128 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));

    public static McpSection Read(SectionReader reader) => new() { Servers = reader.Map("servers", NameForm, Server) };

    private static McpServerSection Server(SectionReader reader)
    {
        var section = new McpServerSection
        {
            Transport = reader.Choice("transport", "streamable-http", "sse", "stdio"),
            Url = reader.Text("url", TextForm.HttpUrl),
            Headers = reader.Headers("headers"),
            Command = reader.Text("command", TextForm.NotBlank),
            Args = reader.Texts("args", [], TextForm.Any),
            Env = reader.Secrets("env", VariableForm),
        };
        var folder = reader.Text("workingDirectory", TextForm.NotBlank);
        section.Cwd = reader.Text("cwd", TextForm.NotBlank) ?? folder;
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.ConnectionTimeoutMs = reader.Whole("connectionTimeoutMs", section.ConnectionTimeoutMs, 1, MostMilliseconds);
        section.RequestTimeoutMs = reader.Whole("requestTimeoutMs", section.RequestTimeoutMs, 1, MostMilliseconds);
        var filter = reader.Section("toolFilter", Filter);
        (section.Include, section.Exclude) = (filter.Include, filter.Exclude);
        Check(reader, section);
        return section;
    }

    private static void Check(SectionReader reader, McpServerSection section)
    {
        var isProgram = section.Transport == "stdio" || (section.Transport is null && section.Command is not null);
        if (section.Url is not null && section.Command is not null)
        {
            reader.Error("command", "cannot stand beside 'url': a server is one or the other");
        }
        else if (isProgram && section.Command is null && !reader.Has("command"))
        {
            reader.Error("command", "must be set: the program to start");
        }
        else if (!isProgram && section.Url is null && !reader.Has("url"))
        {
            reader.Error("url", "must be set, or 'command' for a program to start");
        }
    }

    private static ToolFilter Filter(SectionReader reader) => new()
    {
        Include = reader.OptionalTexts("include", TextForm.NotBlank),
        Exclude = reader.Texts("exclude", [], TextForm.NotBlank),
    };

    private sealed class ToolFilter
    {
        public IReadOnlyList<string>? Include { get; init; }

        public IReadOnlyList<string> Exclude { get; init; } = [];
    }
}
