using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OpenClaw.Storage;

namespace OpenClaw.Functions.Cli.Dev;

/// <summary>
/// Azurite, the storage emulator, as a child process on loopback ports that the system picks. It ends with this object, or with this
/// process: it watches its standard input, which the system closes however we end.
/// </summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    private readonly Process _process;

    private AzuriteProcess(Process process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
    }

    /// <summary>The emulator's published account and key, and this instance's ports.</summary>
    public string ConnectionString { get; }

    public int ProcessId => _process.Id;

    /// <summary>Returns when all three services answer. Installs the emulator first where that was never done, which needs the npm
    /// registry.</summary>
    /// <param name="dataFolder">Where the data stays; null keeps it in memory.</param>
    /// <param name="progress">Gets one line for each step that takes time.</param>
    /// <param name="tls">Null: plain HTTP, and keys only.</param>
    /// <exception cref="AzuriteUnavailableException">No Node, no <c>infra/local</c>, the installation failed, or the emulator did not
    /// start.</exception>
    public static async Task<AzuriteProcess> StartAsync(
        string? dataFolder, Action<string>? progress, CancellationToken cancellationToken, AzuriteTls? tls = null)
    {
        var folder = await AzuriteInstallation.EnsureAsync(progress, cancellationToken);
        var process = new Process { StartInfo = DescribeStart(folder, dataFolder, tls) };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        try
        {
            var endpoints = ListenForEndpoints(process);
            var connectionString = await endpoints.WaitAsync(timeout.Token);
            await ProbeAsync(connectionString, tls, timeout.Token);
            return new AzuriteProcess(process, connectionString);
        }
        catch (Exception exception)
        {
            await StopAsync(process);
            if (exception is AzuriteUnavailableException || cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw new AzuriteUnavailableException(
                string.Create(CultureInfo.InvariantCulture,
                    $"The storage emulator did not answer within {StartTimeout.TotalSeconds} seconds."), exception);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_process);

    private static ProcessStartInfo DescribeStart(string folder, string? dataFolder, AzuriteTls? tls)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("azurite.mjs");
        start.ArgumentList.Add("--silent");
        start.ArgumentList.Add("--disableTelemetry");
        foreach (var service in (ReadOnlySpan<string>)["blob", "queue", "table"])
        {
            start.ArgumentList.Add($"--{service}Host");
            start.ArgumentList.Add("127.0.0.1");
            start.ArgumentList.Add($"--{service}Port");
            start.ArgumentList.Add("0");
        }

        if (tls is not null)
        {
            string[] secure = ["--oauth", "basic", "--cert", tls.CertificateFile, "--key", tls.KeyFile];
            Array.ForEach(secure, start.ArgumentList.Add);
        }

        if (dataFolder is null)
        {
            start.ArgumentList.Add("--inMemoryPersistence");
        }
        else
        {
            start.ArgumentList.Add("--location");
            start.ArgumentList.Add(Path.GetFullPath(dataFolder));
        }

        return start;
    }

    /// <summary>Starts the process and reads its lines to the end; done when each service has said where it listens.</summary>
    private static Task<string> ListenForEndpoints(Process process)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var endpoints = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var lastError = "";
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null && ListeningLine().Match(line.Data) is { Success: true } match)
            {
                endpoints[match.Groups["service"].Value] = match.Groups["address"].Value;
                if (endpoints.Count == 3)
                {
                    found.TrySetResult(Connect(endpoints));
                }
            }
        };
        process.ErrorDataReceived += (_, line) => lastError = string.IsNullOrWhiteSpace(line.Data) ? lastError : line.Data;
        process.Exited += (_, _) =>
            found.TrySetException(new AzuriteUnavailableException($"The storage emulator ended at once: {lastError}"));
        process.EnableRaisingEvents = true;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return found.Task;
    }

    private static string Connect(SortedDictionary<string, string> endpoints) =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"BlobEndpoint={endpoints["Blob"]}/devstoreaccount1;QueueEndpoint={endpoints["Queue"]}/devstoreaccount1;TableEndpoint={endpoints["Table"]}/devstoreaccount1";

    /// <summary>A signed read of each service; nothing is created.</summary>
    private static async Task ProbeAsync(string connectionString, AzuriteTls? tls, CancellationToken cancellationToken)
    {
        using var account = StorageAccount.Parse(connectionString, tls?.CreateConnections());
        await account.Table("readiness").PingAsync(cancellationToken);
        await account.Container("readiness").ExistsAsync("probe", cancellationToken);
        await account.Queue("readiness").CountAsync(cancellationToken);
    }

    /// <summary>Closing its input makes the emulator write its data out and end; killed when it does not.</summary>
    private static async Task StopAsync(Process process)
    {
        using (process)
        {
            try
            {
                process.StandardInput.Close();
                using var timeout = new CancellationTokenSource(StopTimeout);
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // it never started
            }
        }
    }

    [GeneratedRegex(@"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at (?<address>https?://127\.0\.0\.1:\d+)$")]
    private static partial Regex ListeningLine();
}
