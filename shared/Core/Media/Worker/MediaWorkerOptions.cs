namespace OpenClaw.Media.Worker;

/// <summary>How media workers are started and how many there may be.</summary>
public sealed record MediaWorkerOptions
{
    /// <summary>The executable's hidden command.</summary>
    public const string Command = "media-worker";

    /// <summary>The variable that names the worker's own temporary folder; ImageMagick's name for it.</summary>
    public const string FolderVariable = "MAGICK_TEMPORARY_PATH";

    public NativeProgram Program { get; init; } = MediaWorkerProgram.Find(MediaWorkerProgram.Folder);

    /// <summary>Holds <c>pdfium.wasm</c>, in packages also <c>pdfium.cwasm</c>.</summary>
    public string PdfiumFolder { get; init; } = Path.Combine(MediaWorkerProgram.Folder, "pdfium");

    /// <summary>How many files are read at a time; one more for another caller while one caller holds more than half of them.</summary>
    public int Places { get; init; } = 2;

    /// <summary>Files that wait for a place, of all callers; more are <c>media_busy</c>.</summary>
    public int MaxWaiting { get; init; } = 32;

    /// <summary>Files of one caller that wait for a place.</summary>
    public int MaxWaitingOfCaller { get; init; } = 16;

    /// <summary>How long a file waits for a place; then it is <c>media_busy</c>.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A caller that has used more than this lately takes no more than its share of the places, which is half of them.</summary>
    public TimeSpan FreeCost { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so long, half of what a caller has used is forgotten.</summary>
    public TimeSpan CostHalfLife { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker without a file is kept.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a worker may take until it is ready for a file.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Replaces the clock of every file; null leaves each its own.</summary>
    public TimeSpan? WallClock { get; init; }
}
