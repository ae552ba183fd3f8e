using OpenClaw.Functions.Cli;
using OpenClaw.Media;
using OpenClaw.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(MediaToolsFixture))]

namespace OpenClaw.Tests.Support;

/// <summary>Has the native tools there before the first test: this machine's own, else a bundle with test tools in a folder that
/// Git ignores, which this process and the gateways that it starts use. Test runs at the same time wait for each other.</summary>
public sealed class MediaToolsFixture : IAsyncLifetime
{
    private static readonly string[] Programs = ["pdftotext", "pdftoppm", "heif-enc", "cwebp"];

    /// <summary>Of packages, for all test runs in this checkout.</summary>
    public static string Cache { get; } = Path.Combine(Repository.Root, ".openclaw", "media-tools-cache");

    /// <summary>Null while the machine's own tools do, or when none can be assembled here.</summary>
    public static string? Folder { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable(MediaToolsOptions.FolderVariable, null);
        var options = MediaToolsOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        if ((Programs.All(p => options.FindProgram(p) is not null) && new MediaTools().Images is not null) || !MediaToolsAssembly.IsPossible)
        {
            return;
        }

        var folder = Path.Combine(Repository.Root, ".openclaw", "test-media-tools");
        var failure = await new MediaToolsAssembly(folder) { Cache = Cache, WithTestTools = true }.EnsureAsync(progress: null, CancellationToken.None);
        if (failure is not null)
        {
            TestContext.Current.SendDiagnosticMessage(failure);
            return;
        }

        Folder = folder;
        Environment.SetEnvironmentVariable(MediaToolsOptions.FolderVariable, folder);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
