namespace OpenClaw.Models.Upstream;

/// <summary>One row of <see cref="UpstreamErrorTable"/>: a code, or a part of the message, and what it means.</summary>
/// <param name="Source">The public page or report that shows this wording.</param>
internal sealed record UpstreamErrorRow(UpstreamErrorClass Class, string Source)
{
    /// <summary>A value of <c>code</c>, <c>type</c>, <c>status</c> or <c>reason</c> anywhere in the error.</summary>
    public string? Code { get; init; }

    /// <summary>Whether <see cref="Code"/> counts only in an error without a type: short numbers mean other things elsewhere.</summary>
    public bool IsWithoutType { get; init; }

    /// <summary>A part of a message, upper or lower case.</summary>
    public string? Phrase { get; init; }

    /// <summary>Another part that the message must have too.</summary>
    public string? And { get; init; }

    /// <summary>The only HTTP status with which the row counts.</summary>
    public int? Status { get; init; }

    public bool Matches(UpstreamError error, int status) =>
        (Status is null || Status == status)
        && (Code is null || (error.Codes.Contains(Code, StringComparer.OrdinalIgnoreCase) && !(IsWithoutType && error.Type is not null)))
        && (Phrase is null || error.Text.Contains(Phrase, StringComparison.OrdinalIgnoreCase))
        && (And is null || error.Text.Contains(And, StringComparison.OrdinalIgnoreCase));
}
