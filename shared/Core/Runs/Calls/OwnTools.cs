using OpenClaw.Models;
using OpenClaw.Tools;

namespace OpenClaw.Runs.Calls;

/// <summary>The gateway's tools that one run may call.</summary>
internal sealed class OwnTools
{
    private readonly Dictionary<string, ITool> _byName;

    public OwnTools(IEnumerable<ITool> tools, ToolContext context)
    {
        _byName = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
        Context = context;
        Declared = [.. _byName.Values.Select(tool => new FunctionTool(tool.Name, tool.Description, tool.Schema, null))];
    }

    public ToolContext Context { get; }

    /// <summary>As models are told of them.</summary>
    public IReadOnlyList<FunctionTool> Declared { get; }

    public ITool? Find(string name) => _byName.GetValueOrDefault(name);

    public bool Has(string name) => _byName.ContainsKey(name);
}
