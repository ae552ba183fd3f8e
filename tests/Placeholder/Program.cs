using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Worker;

// placeholder FOLDER PDF: loads the gateway's library from FOLDER and prints the text of PDF.
AssemblyLoadContext.Default.Resolving += (context, name) =>
    File.Exists(Path.Combine(args[0], name.Name + ".dll")) ? context.LoadFromAssemblyPath(Path.Combine(args[0], name.Name + ".dll")) : null;
await Reading.RunAsync(args[1]);

internal static class Reading
{
    /// <summary>Its own method: it is compiled only when the library can be resolved.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task RunAsync(string file)
    {
        using var workers = new MediaWorkers(new MediaWorkerOptions(), TimeProvider.System, NullLogger<MediaWorkers>.Instance);
        var content = await new PdfReader(workers).ReadAsync(
            await File.ReadAllBytesAsync(file), new PdfLimits(0, 1, 1, 1_000), "placeholder", CancellationToken.None);
        Console.WriteLine(content.Text);
    }
}
