using Microsoft.Extensions.Hosting;
using OpenClaw.Media;

namespace OpenClaw.Functions.Cli;

/// <summary>Gives the gateway of <c>dev</c> a bundle of native tools when this machine has none, while it serves already.</summary>
/// <param name="folder">Of the bundle; kept for the next start.</param>
/// <param name="tell">Told a line when it begins, and one when it has ended.</param>
internal sealed class DevMediaTools(MediaTools tools, string folder, Action<string> tell) : BackgroundService
{
    private const string Without = "PDFs are not read and images not converted; everything else works.";

    /// <summary>Where <c>dev</c> looks: also at the bundle of an earlier start.</summary>
    public static MediaToolsOptions Find(string folder)
    {
        var options = MediaToolsOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        return MediaBundle.Open(folder) is null ? options : options with { Folders = [.. options.Folders, folder] };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (tools is { Pdf: not null, Images: { } images } && images != new ImageLibraries(Path.Combine(folder, "lib")))
        {
            return;
        }

        if (!MediaToolsAssembly.IsPossible)
        {
            tell($"Media tools: install poppler (pdftotext, pdftoppm), libheif, libjpeg-turbo, libpng and libwebp. Until then {Without}");
            return;
        }

        var isNew = false;
        var failure = await new MediaToolsAssembly(folder).EnsureAsync(TellFirst, stoppingToken);
        if (failure is not null)
        {
            tell($"{failure} Until then {Without}");
            return;
        }

        if (isNew)
        {
            tools.Use(folder);
            tell(tools.Pdf is null ? $"Media tools: what was assembled does not run here. {Without}" : "Media tools: ready.");
        }

        void TellFirst(string line)
        {
            if (!isNew)
            {
                isNew = true;
                tell(line);
            }
        }
    }
}
