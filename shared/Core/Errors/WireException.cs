using System.Text.Json;

namespace OpenClaw.Errors;

/// <summary>Thrown by converters when a field has a shape they do not take; the serializer adds the path.</summary>
/// <param name="expected">What the field takes, as in "expected <c>a string or an array of content parts</c>".</param>
public sealed class WireException(string expected) : JsonException
{
    public string Expected { get; } = expected;

    /// <summary>Null, so that the serializer fills in path and position.</summary>
    public override string Message => Expected;
}
