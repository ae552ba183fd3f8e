using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenClaw.Packaging;

/// <summary>The parts of a package as CycloneDX JSON, without a time or a serial number: the same parts are the same bytes.</summary>
public static class BillOfMaterials
{
    /// <summary>Of use in a file: a version's plus sign stays one.</summary>
    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As in <c>functions/MediaWorker/pdfium/package.json</c>.</summary>
    private const string Pdfium = "2.15.1";

    public static PackageFile Create(string version, IReadOnlyList<NuGetPackage> packages)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("bomFormat", "CycloneDX");
            writer.WriteString("specVersion", "1.6");
            writer.WriteNumber("version", 1);
            writer.WriteStartObject("metadata");
            writer.WriteStartObject("component");
            WriteNames(writer, "application", "openclaw-functions", version,
                $"pkg:generic/openclaw-functions@{Uri.EscapeDataString(version)}");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartArray("components");
            foreach (var package in packages)
            {
                Write(writer, package);
            }

            writer.WriteStartObject();
            WriteNames(writer, "library", "@embedpdf/pdfium", Pdfium, $"pkg:npm/%40embedpdf/pdfium@{Pdfium}");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return new PackageFile("sbom.cdx.json", stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, NuGetPackage package)
    {
        writer.WriteStartObject();
        WriteNames(writer, "library", package.Id, package.Version, $"pkg:nuget/{package.Id}@{package.Version}");
        writer.WriteStartArray("hashes");
        writer.WriteStartObject();
        writer.WriteString("alg", "SHA-512");
        writer.WriteString("content", Convert.ToHexStringLower(Convert.FromBase64String(package.Sha512)));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartArray("licenses");
        writer.WriteStartObject();
        if (package.License.Contains('/', StringComparison.Ordinal))
        {
            writer.WriteStartObject("license");
            writer.WriteString("name", "see the address");
            writer.WriteString("url", package.License);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("expression", package.License);
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, string type, string name, string version, string address)
    {
        writer.WriteString("type", type);
        writer.WriteString("bom-ref", address);
        writer.WriteString("name", name);
        writer.WriteString("version", version);
        writer.WriteString("purl", address);
    }
}
