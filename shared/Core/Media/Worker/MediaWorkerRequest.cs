using System.Text.Json.Serialization;
using OpenClaw.Media.Documents;

namespace OpenClaw.Media.Worker;

/// <summary>What the media worker is asked for. On its stdin this as a JSON frame, then the file as a second one.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ImageRequest), "image"), JsonDerivedType(typeof(PdfRequest), "pdf")]
public abstract record MediaWorkerRequest
{
    public const int MaxFileLength = 64 * 1024 * 1024;

    /// <summary>Wall clock of one file, from the worker's start signal on; the worker is killed after it.</summary>
    [JsonIgnore]
    public virtual TimeSpan WallClock => TimeSpan.FromSeconds(12);
}

/// <summary>Asks for one upright sRGB JPEG on white.</summary>
/// <param name="MediaType">By the header; decides the decoder.</param>
/// <param name="MaxEdge">Pixels; what is larger is scaled down.</param>
/// <param name="MaxPixels">What has more is refused before it is decoded.</param>
/// <param name="MaxBytes">Of the JPEG; it is made smaller until it fits.</param>
public sealed record ImageRequest(string MediaType, int MaxEdge, long MaxPixels, long MaxBytes) : MediaWorkerRequest
{
    /// <summary>Colour channels; 4 are inks.</summary>
    public int Channels { get; init; }
}

/// <summary>Asks for the text of a PDF and pictures of pages.</summary>
/// <param name="Module">Absolute path of PDFium as machine code for this system.</param>
public sealed record PdfRequest(string Module, PdfLimits Limits, PdfTimes Times) : MediaWorkerRequest
{
    /// <summary>What the reader allows itself, and as much again for a busy system.</summary>
    public override TimeSpan WallClock => Times.File * 2;
}

/// <summary>The last frame of an answer.</summary>
public sealed record MediaWorkerReport
{
    /// <summary>One of <see cref="MediaException"/>'s codes; null: the file was read.</summary>
    public string? Code { get; init; }

    /// <summary>Public; null for the usual words of the code.</summary>
    public string? Message { get; init; }

    public PdfReport? Pdf { get; init; }

    /// <summary>The worker ends itself: it holds more memory than an idle one may.</summary>
    public bool IsLast { get; init; }
}

/// <summary>What was done with a PDF.</summary>
public sealed record PdfReport
{
    public int PageCount { get; init; }

    /// <summary>Pages whose text was read.</summary>
    public int PagesRead { get; init; }

    /// <summary>Numbers, from 1, of the pages in the pictures, in their order.</summary>
    public IReadOnlyList<int> Drawn { get; init; } = [];

    /// <summary>Numbers of drawn pages that show a single colour.</summary>
    public IReadOnlyList<int> Blank { get; init; } = [];

    /// <summary>Characters without Unicode: their text is missing or wrong.</summary>
    public int Unmapped { get; init; }

    /// <summary>The file was too broken for the first reader; the second reads no form values and draws nothing.</summary>
    public bool IsRescued { get; init; }

    /// <summary>Some of the text or of the pages is left out.</summary>
    public bool IsCut { get; init; }

    /// <summary>A limit of time or memory was met.</summary>
    public bool IsStopped { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(MediaWorkerRequest))]
[JsonSerializable(typeof(MediaWorkerReport))]
public sealed partial class MediaWorkerJson : JsonSerializerContext;
