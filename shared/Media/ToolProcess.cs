using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Media;

/// <summary>Runs a native program on one file: input on its stdin, output from its stdout, nothing on disk. It gets no environment
/// but its own, and is killed with all it started when its time is up, its output too long, or nobody waits any more.</summary>
public static class ToolProcess
{
    private const string Shell = "/bin/sh";

    private const int ReadLength = 64 * 1024;

    /// <exception cref="MediaException"><c>media_tools_missing</c>: it cannot be started.</exception>
    public static async Task<ToolResult> RunAsync(
        NativeProgram program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input, ToolLimits limits, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = ToStartInfo(program, arguments, limits) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw new MediaException(MediaException.ToolsMissing, $"'{Path.GetFileName(program.File)}' cannot be started on this gateway.", failure);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limits.WallClock);
        var written = WriteAsync(process, input, end.Token);
        var drained = DrainAsync(process, end.Token);
        try
        {
            var (output, isCut) = await ReadAsync(process, limits.MaxOutputBytes, end.Token);
            if (isCut)
            {
                Kill(process);
            }

            await process.WaitForExitAsync(end.Token);
            return new ToolResult(process.ExitCode, output) { IsCut = isCut };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ToolResult(-1, []) { IsTimedOut = true };
        }
        finally
        {
            Kill(process);
            await Task.WhenAll(written, drained).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>.NET cannot limit a child's resources; the shell can, before it becomes the program.</summary>
    private static ProcessStartInfo ToStartInfo(NativeProgram program, IReadOnlyList<string> arguments, ToolLimits limits)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        foreach (var (name, value) in program.Environment)
        {
            start.Environment[name] = value;
        }

        if (limits.CpuSeconds is null && limits.MemoryMebibytes is null)
        {
            start.FileName = program.File;
        }
        else
        {
            start.FileName = Shell;
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"ulimit -c 0; ulimit -f 0; {Limit('t', limits.CpuSeconds)}{Limit('v', limits.MemoryMebibytes * 1024)}exec \"$0\" \"$@\""));
            start.ArgumentList.Add(program.File);
        }

        foreach (var argument in program.FirstArguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static string Limit(char option, int? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"ulimit -{option} {number}; ") : "";

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        await using var stdin = process.StandardInput.BaseStream;
        try
        {
            await stdin.WriteAsync(input, cancellationToken);
        }
        catch (IOException)
        {
            // It has read enough, or has ended: its exit code tells.
        }
    }

    private static async Task DrainAsync(Process process, CancellationToken cancellationToken) =>
        await process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);

    private static async Task<(byte[] Output, bool IsCut)> ReadAsync(Process process, int most, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var buffer = new byte[ReadLength];
        var stdout = process.StandardOutput.BaseStream;
        while (await stdout.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            output.Write(buffer, 0, (int)Math.Min(count, most - output.Length));
            if (output.Length == most)
            {
                return (output.ToArray(), await stdout.ReadAsync(buffer.AsMemory(0, 1), cancellationToken) > 0);
            }
        }

        return (output.ToArray(), false);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
