namespace OpenClaw.Functions.Worker;

/// <summary>What the Functions host passes on the command line. Unknown arguments are ignored.</summary>
/// <param name="Host">Address of the host's message stream.</param>
/// <param name="WorkerId">Identifies this process; single use.</param>
/// <param name="RequestId">Goes back with the first message.</param>
public sealed record WorkerArguments(Uri Host, string WorkerId, string RequestId)
{
    /// <summary>Null when the process was not started by a Functions host.</summary>
    public static WorkerArguments? Find(IReadOnlyList<string> args)
    {
        var workerId = Value(args, "--functions-worker-id") ?? Value(args, "--workerId");
        var requestId = Value(args, "--functions-request-id") ?? Value(args, "--requestId") ?? "";
        if (workerId is null)
        {
            return null;
        }

        if (Uri.TryCreate(Value(args, "--functions-uri"), UriKind.Absolute, out var uri))
        {
            return new WorkerArguments(uri, workerId, requestId);
        }

        return Value(args, "--host") is { } host
            && Value(args, "--port") is { } port
            && Uri.TryCreate($"http://{host}:{port}/", UriKind.Absolute, out uri)
            ? new WorkerArguments(uri, workerId, requestId)
            : null;
    }

    private static string? Value(IReadOnlyList<string> args, string name)
    {
        for (var i = 0; i < args.Count - 1; i++)
        {
            if (args[i] == name)
            {
                return args[i + 1];
            }
        }

        return null;
    }
}
