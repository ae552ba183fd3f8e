namespace OpenClaw.Tools;

/// <summary>A call that is not possible: a missing argument, a file that does not exist. The model is told and goes on.</summary>
public sealed class ToolException(string message) : Exception(message);
