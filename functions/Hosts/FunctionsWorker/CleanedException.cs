using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>An exception for logs and the host: the same message and stack with secrets masked.</summary>
internal sealed class CleanedException : Exception
{
    private readonly string _text;
    private readonly string _stack;

    private CleanedException(Exception failure, Redactor redactor)
        : base(redactor.Clean($"{failure.GetType().FullName}: {failure.Message}"))
    {
        _text = redactor.Clean(failure.ToString());
        _stack = redactor.Clean(failure.StackTrace ?? "");
        Source = failure.Source;
    }

    public override string StackTrace => _stack;

    /// <summary>The exception itself when there is nothing to mask.</summary>
    public static Exception Of(Exception failure, Redactor redactor)
    {
        var text = failure.ToString();
        return failure is CleanedException || redactor.Clean(text) == text ? failure : new CleanedException(failure, redactor);
    }

    public override string ToString() => _text;
}
