using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>hooks</c> and <c>cron</c> sections.</summary>
internal static class HooksBinding
{
    private const int MostSeconds = 86_400;

    private const int MostBytes = 10_000_000;

    private static readonly TextForm PathForm = new(
        "a path such as '/hooks', not '/'",
        text => text.Length is > 1 and <= 128 && text[0] == '/' && text[^1] != '/' && !text.Contains("//", StringComparison.Ordinal)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_'));

    private static readonly TextForm HostForm = new(
        "a host name or an IPv4 address", text => Uri.CheckHostName(text) is not (UriHostNameType.Unknown or UriHostNameType.IPv6));

    public static HooksSection Read(SectionReader reader)
    {
        var section = new HooksSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.Token = reader.Secret("token");
        section.Path = reader.Text("path", PathForm) ?? section.Path;
        section.AllowedAgentIds = reader.OptionalTexts("allowedAgentIds", TextForm.NotBlank) is { } ids && !ids.Contains("*") ? ids : null;
        section.DefaultSessionKey = reader.Text("defaultSessionKey", TextForm.NotBlank);
        section.AllowRequestSessionKey = reader.Flag("allowRequestSessionKey", false);
        section.AllowedSessionKeyPrefixes = reader.OptionalTexts("allowedSessionKeyPrefixes", TextForm.NotBlank);
        section.AllowPathToken = reader.Flag("allowPathToken", false);
        section.AllowQueryToken = reader.Flag("allowQueryToken", false);
        section.MaxBodyBytes = reader.Whole("maxBodyBytes", section.MaxBodyBytes, 1, MostBytes);
        section.Mappings = reader.List("mappings", Mapping);
        section.TransformsDir = reader.Text("transformsDir", TextForm.NotBlank);
        section.CallbackSecret = reader.Secret("callbackSecret");
        section.CallbackAllowedHostnames = reader.Section("callbackSsrfPolicy", Hosts).Names;
        Check(reader, section);
        return section;
    }

    public static CronSection ReadCron(SectionReader reader)
    {
        var section = new CronSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.WebhookToken = reader.Secret("webhookToken");
        section.WebhookAllowedHostnames = reader.Section("webhookSsrfPolicy", Hosts).Names;
        section.SkipMissedJobs = reader.Flag("skipMissedJobs", false);
        return section;
    }

    private static void Check(SectionReader reader, HooksSection section)
    {
        if (!section.Enabled)
        {
            return;
        }

        if (section.Token is null && section.Mappings.All(mapping => mapping.Signature is null))
        {
            reader.Error("token", "must be set when hooks are enabled: without a secret anyone could start agents");
        }

        if (section.TransformsDir is null && section.Mappings.Any(mapping => mapping.Transform is not null))
        {
            reader.Error("transformsDir", "must be set when a mapping has a transform");
        }

        if (section.AllowRequestSessionKey && section.AllowedSessionKeyPrefixes is []
            || (section.AllowedSessionKeyPrefixes is null or [] && section.Mappings.Any(IsKeyTemplate)))
        {
            reader.Error("allowedSessionKeyPrefixes", "must name at least one prefix, because senders choose session keys");
        }
    }

    private static bool IsKeyTemplate(HookMappingSection mapping) =>
        mapping.SessionKey?.Contains("{{", StringComparison.Ordinal) == true;

    private static HookMappingSection Mapping(SectionReader reader)
    {
        var section = new HookMappingSection
        {
            Id = reader.Text("id", TextForm.NotBlank),
            Name = reader.Text("name", TextForm.NotBlank),
            AgentId = reader.Text("agentId", TextForm.AgentId),
            SessionKey = reader.Text("sessionKey", TextForm.NotBlank),
            SessionMode = reader.Choice("sessionMode", "isolated", "persistent"),
            MessageTemplate = reader.Text("messageTemplate"),
            TextTemplate = reader.Text("textTemplate"),
            ForEach = reader.Text("forEach", TextForm.NotBlank),
            Deliver = reader.OptionalFlag("deliver"),
            Channel = reader.Text("channel", TextForm.NotBlank),
            To = reader.Text("to", TextForm.NotBlank),
            Model = reader.Text("model", TextForm.ModelReference),
            Thinking = reader.Text("thinking", TextForm.NotBlank),
            TimeoutSeconds = (int?)reader.OptionalWhole("timeoutSeconds", 1, MostSeconds),
            AllowUnsafeExternalContent = reader.Flag("allowUnsafeExternalContent", false),
            Transform = reader.OptionalSection("transform", Transform),
            Signature = reader.OptionalSection("signature", Signature),
        };
        section.Action = reader.Choice("action", "agent", "wake") ?? section.Action;
        section.WakeMode = reader.Choice("wakeMode", "now", "next-heartbeat") ?? section.WakeMode;
        if (section is { Action: "agent", WakeMode: not "now", Transform: null })
        {
            reader.Error("wakeMode", "must be 'now' with the action 'agent', which runs at once");
        }

        (section.MatchPath, section.MatchSource) = reader.Section("match", Match).Value;
        return section;
    }

    private static HookMatch Match(SectionReader reader) =>
        new() { Value = (reader.Text("path", TextForm.NotBlank)?.Trim('/'), reader.Text("source", TextForm.NotBlank)) };

    private static HookTransformSection Transform(SectionReader reader)
    {
        var section = new HookTransformSection { Module = reader.Text("module", TextForm.NotBlank) ?? "" };
        section.Export = reader.Text("export", TextForm.NotBlank) ?? section.Export;
        if (section.Module.Length == 0)
        {
            reader.Error("module", "must name a JavaScript file of hooks.transformsDir");
        }

        return section;
    }

    private static HookSignatureSection Signature(SectionReader reader)
    {
        var section = new HookSignatureSection
        {
            Scheme = reader.Choice(
                "scheme", HookSignatureSection.GitHub, HookSignatureSection.Stripe, HookSignatureSection.StandardWebhooks) ?? "",
            Secret = reader.Secret("secret") ?? "",
        };
        if (section.Scheme.Length == 0)
        {
            reader.Error("scheme", "must be set");
        }

        if (section.Secret.Length == 0)
        {
            reader.Error("secret", "must be set: without it anyone could send such calls");
        }

        return section;
    }

    private static HostNames Hosts(SectionReader reader) => new() { Names = reader.Texts("allowedHostnames", [], HostForm) };

    private sealed class HookMatch
    {
        public (string? Path, string? Source) Value { get; init; }
    }

    private sealed class HostNames
    {
        public IReadOnlyList<string> Names { get; init; } = [];
    }
}
