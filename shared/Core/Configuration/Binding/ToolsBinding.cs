using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The sections <c>tools</c>, <c>agents.entries.&lt;id&gt;.tools</c> and <c>gateway.tools</c>.</summary>
internal static class ToolsBinding
{
    private const long MostWorkspaceBytes = 1_099_511_627_776;

    private static readonly string[] SenderPrefixes = ["channel:", "id:", "e164:", "subject:"];

    private static readonly TextForm NameForm = new(
        "the name of a tool, 'group:' and the name of a group, or a pattern with '*'",
        text => text.Length is > 0 and <= 128
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/' or '*'));

    private static readonly TextForm ChannelForm = new(
        "the name of a channel", text => text.Length > 0 && text.All(char.IsAsciiLetterLower));

    private static readonly TextForm SenderForm = new(
        "'channel:<channel>:<sender>', 'id:<sender>', 'e164:<phone>', 'subject:<caller>' or '*'; names of people can be forged",
        text => text == "*"
            || SenderPrefixes.Any(prefix => text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal)));

    public static ToolsSection Read(SectionReader reader)
    {
        var section = new ToolsSection();
        return section with
        {
            Rules = Rules(reader),
            ByProvider = reader.Map("byProvider", TextForm.ModelReference, Rules),
            RequireApproval = reader.Texts("requireApproval", [], NameForm),
            ByChannel = reader.Map("byChannel", ChannelForm, Rules),
            BySender = reader.Map("toolsBySender", SenderForm, Rules),
            ApprovalTimeoutSeconds = reader.Whole("approvalTimeoutSeconds", section.ApprovalTimeoutSeconds, 1, 86_400),
            TimeoutSeconds = reader.Whole("timeoutSeconds", section.TimeoutSeconds, 1, 3_600),
            MaxResultChars = reader.Whole("maxResultChars", section.MaxResultChars, 1_000, 1_000_000),
            MaxSteps = reader.Whole("maxSteps", section.MaxSteps, 1, 1_000),
            Fs = reader.Section("fs", Workspace),
            Web = reader.Section("web", web => new WebToolsSection { Fetch = web.Section("fetch", Fetch) }),
            Sessions = reader.Section("sessions", Sessions),
        };
    }

    public static ToolScopeSection ReadOfAgent(SectionReader reader) => new()
    {
        Rules = Rules(reader),
        ByProvider = reader.Map("byProvider", TextForm.ModelReference, Rules),
        RequireApproval = reader.Texts("requireApproval", [], NameForm),
    };

    public static GatewayToolsSection ReadOfGateway(SectionReader reader) => new()
    {
        Deny = reader.Texts("deny", [], NameForm),
        Allow = reader.Texts("allow", [], NameForm),
    };

    private static WorkspaceSection Workspace(SectionReader reader)
    {
        var section = new WorkspaceSection();
        return section with
        {
            MaxFileBytes = reader.Whole("maxFileBytes", section.MaxFileBytes, 1, WorkspaceSection.MostFileBytes),
            MaxBytes = reader.Whole("maxBytes", section.MaxBytes, 1, MostWorkspaceBytes),
            MaxFiles = reader.Whole("maxFiles", section.MaxFiles, 1, 100_000),
        };
    }

    private static WebFetchSection Fetch(SectionReader reader)
    {
        var section = new WebFetchSection();
        return section with
        {
            MaxChars = reader.Whole("maxChars", section.MaxChars, 100, 1_000_000),
            MaxBytes = reader.Whole("maxBytes", section.MaxBytes, 1_024, 104_857_600),
            TimeoutSeconds = reader.Whole("timeoutSeconds", section.TimeoutSeconds, 1, 120),
            MaxRedirects = reader.Whole("maxRedirects", section.MaxRedirects, 0, 10),
            UrlAllowlist = reader.Texts("urlAllowlist", [], TextForm.HostPattern),
        };
    }

    private static SessionToolsSection Sessions(SectionReader reader) => new()
    {
        Visibility = reader.Choice("visibility", SessionToolsSection.OwnOnly, SessionToolsSection.OfAgent, SessionToolsSection.All)
            ?? SessionToolsSection.OwnOnly,
    };

    private static ToolRulesSection Rules(SectionReader reader)
    {
        var rules = new ToolRulesSection
        {
            Profile = reader.Choice("profile", "minimal", "coding", "messaging", "full"),
            Allow = reader.OptionalTexts("allow", NameForm),
            AlsoAllow = reader.OptionalTexts("alsoAllow", NameForm),
            Deny = reader.Texts("deny", [], NameForm),
        };
        if (rules is { Allow: not null, AlsoAllow: not null })
        {
            reader.Error("alsoAllow", "cannot stand beside 'allow': put the names into 'allow', or use 'profile' with 'alsoAllow'");
        }

        return rules;
    }
}
