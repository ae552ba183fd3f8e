using OpenClaw.Configuration.Channels;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The top level of the document, and the small sections.</summary>
internal static class RootBinding
{
    public static GatewayConfig Read(SectionReader reader, IReadOnlyList<ProviderRules> apis)
    {
        reader.Text("$schema");
        return new GatewayConfig
        {
            Gateway = reader.Section("gateway", GatewayBinding.Read),
            Models = reader.Section("models", new ModelsBinding(apis).Read),
            Agents = reader.Section("agents", AgentsBinding.Read),
            Memory = reader.Section("memory", memory => new MemorySection { Search = memory.Section("search", Search) }),
            Session = reader.Section("session", SessionBinding.Read),
            Storage = reader.Section("storage", Storage),
            Channels = Channels(reader),
            Bindings = reader.List("bindings", ChannelsBinding.Binding),
            Hooks = reader.Section("hooks", HooksBinding.Read),
            Cron = reader.Section("cron", HooksBinding.ReadCron),
            Tools = reader.Section("tools", ToolsBinding.Read),
            Mcp = reader.Section("mcp", McpBinding.Read),
        };
    }

    private static ChannelsSection Channels(SectionReader reader)
    {
        var section = reader.Section("channels", ChannelsBinding.Read);
        section.Written = reader.Find("channels");
        return section;
    }

    private static MemorySearchSection Search(SectionReader reader) => new()
    {
        Provider = reader.Text("provider", TextForm.NotBlank),
        Model = reader.Text("model", TextForm.NotBlank),
    };

    private static StorageSection Storage(SectionReader reader)
    {
        var section = new StorageSection();
        section.Prefix = reader.Text("prefix", TextForm.StoragePrefix) ?? section.Prefix;
        section.LeaseSeconds = reader.Whole("leaseSeconds", section.LeaseSeconds, 2, 60);
        return section;
    }
}
