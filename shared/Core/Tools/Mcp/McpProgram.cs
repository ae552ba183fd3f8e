using System.ComponentModel;
using System.Diagnostics;
using OpenClaw.Configuration;

namespace OpenClaw.Tools.Mcp;

/// <summary>A server that runs as a child process and speaks on its standard input and output. It ends with its connection.</summary>
internal sealed class McpProgram : IDisposable
{
    /// <summary>Of the gateway's own environment, which holds its secrets, only these are passed on.</summary>
    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "USER", "LOGNAME", "SHELL", "TERM",
        "APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATHEXT", "PROCESSOR_ARCHITECTURE", "PROGRAMFILES", "SYSTEMDRIVE",
        "SYSTEMROOT", "USERNAME", "USERPROFILE",
    ];

    private readonly Process _process;

    private McpProgram(Process process)
    {
        _process = process;
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="McpServerException">It does not start.</exception>
    public static McpProgram Start(McpServerSection server)
    {
        var start = new ProcessStartInfo(server.Command!, server.Args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = server.Cwd ?? "",
        };
        foreach (var name in start.Environment.Keys.Where(k => !Inherited.Contains(k, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in server.Env)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new McpProgram(Process.Start(start)!);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or InvalidOperationException)
        {
            throw new McpServerException("Its program does not start: is the command right, and the folder there?", failure);
        }
    }

    /// <summary>Kills it, and what it started.</summary>
    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // it has ended already
        }

        _process.Dispose();
    }
}
