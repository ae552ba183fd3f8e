namespace OpenClaw.Media;

/// <summary>poppler's programs.</summary>
public sealed record PdfTools(NativeProgram Text, NativeProgram Raster);
