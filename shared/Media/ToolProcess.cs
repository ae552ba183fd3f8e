using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Media;

/// <summary>Runs a native program on one file: input on its stdin, output from its stdout, nothing on disk. It gets no environment
/// but its own, and is killed with its children when its time is up, its output too long, or nobody waits any more; not with a child
/// whose own parent has ended before.</summary>
public static class ToolProcess
{
    private const string Shell = "/bin/sh";

    private const int ReadLength = 64 * 1024;

    /// <summary>What a shell or a loader answers that cannot start the program.</summary>
    private const int NotExecutable = 126, NotFound = 127;

    private const int Killed = 128 + 9;

    /// <exception cref="MediaException"><c>media_tools_missing</c>: it cannot be started.</exception>
    public static async Task<ToolResult> RunAsync(
        NativeProgram program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input, ToolLimits limits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = ToStartInfo(program, arguments, limits) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw CannotStart(program, failure);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limits.WallClock);
        using var output = new MemoryStream();
        var written = WriteAsync(process.StandardInput.BaseStream, input, end.Token);
        var drained = process.StandardError.BaseStream.CopyToAsync(Stream.Null, end.Token);
        try
        {
            if (await ReadAsync(process.StandardOutput.BaseStream, output, limits.MaxOutputBytes, end.Token))
            {
                return new ToolResult(Killed, output.ToArray()) { IsCut = true };
            }

            await process.WaitForExitAsync(end.Token);
            return process.ExitCode is NotExecutable or NotFound
                ? throw CannotStart(program, null)
                : new ToolResult(process.ExitCode, output.ToArray());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ToolResult(Killed, output.ToArray()) { IsTimedOut = true };
        }
        finally
        {
            Kill(process);
            await end.CancelAsync();
            await Task.WhenAll(written, drained).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>.NET cannot limit a child's resources; the shell can, before it becomes the program. Where there is no such shell, time
    /// and output are bounded all the same.</summary>
    private static ProcessStartInfo ToStartInfo(NativeProgram program, IReadOnlyList<string> arguments, ToolLimits limits)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        foreach (var (name, value) in program.Environment)
        {
            start.Environment[name] = value;
        }

        if (File.Exists(Shell))
        {
            start.FileName = Shell;
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(
                $"unset PWD OLDPWD; {Limit('c', 0)}{Limit('f', limits.MayWriteFiles ? null : 0)}{Limit('t', limits.CpuSeconds)}{Limit('v', limits.MemoryMebibytes * 1024)}exec \"$0\" \"$@\"");
            start.ArgumentList.Add(program.File);
        }
        else
        {
            start.FileName = program.File;
        }

        foreach (var argument in program.FirstArguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    // A limit that cannot be set is one that a system does not know, or is above the one that holds already.
    private static string Limit(char option, int? value) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"ulimit -{option} {number} 2>/dev/null; ") : "";

    private static async Task WriteAsync(Stream stdin, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await using (stdin)
            {
                await stdin.WriteAsync(input, cancellationToken);
            }
        }
        catch (IOException)
        {
            // It has read enough, or has ended: its exit code tells.
        }
    }

    /// <summary>False when all of it has been read, true when there is more than may be.</summary>
    private static async Task<bool> ReadAsync(Stream stdout, MemoryStream output, int most, CancellationToken cancellationToken)
    {
        var buffer = new byte[ReadLength];
        while (await stdout.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            var room = most - (int)output.Length;
            output.Write(buffer, 0, Math.Min(count, room));
            if (count > room)
            {
                return true;
            }
        }

        return false;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    private static MediaException CannotStart(NativeProgram program, Exception? cause) =>
        new(MediaException.ToolsMissing, $"'{Path.GetFileName(program.File)}' cannot be started on this gateway.", cause);
}
