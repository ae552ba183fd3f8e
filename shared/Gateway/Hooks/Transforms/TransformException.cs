namespace OpenClaw.Gateway.Hooks.Transforms;

/// <summary>A transform could not be loaded, threw, or went past one of its limits.</summary>
public sealed class TransformException(string message, Exception? cause = null) : Exception(message, cause);
