namespace OpenClaw.Runs;

public enum ToolChoiceMode
{
    Auto,
    None,
    Required,
}
