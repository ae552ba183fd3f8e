namespace OpenClaw.Tools.Policy;

/// <summary>From where a tool is called.</summary>
public enum ToolSurface
{
    /// <summary>A model calls it in a run.</summary>
    Run,

    /// <summary>A client calls it: <c>/tools/invoke</c>, <c>/mcp</c> and the control plane's <c>tools.invoke</c>.</summary>
    Http,
}
