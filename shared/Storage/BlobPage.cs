using System.Globalization;
using System.Xml;
using Azure;

namespace OpenClaw.Storage;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Length">Bytes.</param>
public sealed record BlobItem(string Name, long Length, ETag ETag, string ContentType, DateTimeOffset LastModified);

/// <summary>One answer to a listing, in the order of names. It may be empty and still have a continuation.</summary>
/// <param name="Folders">With a delimiter: names up to and including it, once each, instead of the blobs below.</param>
/// <param name="Continuation">Opaque; passed back it lists on. Null at the end.</param>
public sealed record BlobPage(IReadOnlyList<BlobItem> Blobs, IReadOnlyList<string> Folders, string? Continuation)
{
    internal static BlobPage Read(ReadOnlyMemory<byte> body)
    {
        var blobs = new List<BlobItem>();
        var folders = new List<string>();
        string? continuation = null;
        using var reader = StorageXml.Read(body);
        reader.Read();
        while (!reader.EOF)
        {
            switch (reader.NodeType == XmlNodeType.Element ? reader.Name : "")
            {
                case "Blob": blobs.Add(ReadBlob(reader)); break;
                case "BlobPrefix": folders.Add(ReadFolder(reader)); break;
                case "NextMarker": continuation = reader.ReadElementContentAsString(); break;
                default: reader.Read(); break;
            }
        }

        return new(blobs, folders, string.IsNullOrEmpty(continuation) ? null : continuation);
    }

    private static BlobItem ReadBlob(XmlReader reader)
    {
        string name = "", contentType = "";
        long length = 0;
        ETag etag = default;
        DateTimeOffset lastModified = default;
        var depth = reader.Depth;
        reader.Read();
        while (reader.Depth > depth)
        {
            switch (reader.NodeType == XmlNodeType.Element ? reader.Name : "")
            {
                case "Name": name = ReadName(reader); break;
                case "Content-Length": length = long.Parse(reader.ReadElementContentAsString(), CultureInfo.InvariantCulture); break;
                case "Content-Type": contentType = reader.ReadElementContentAsString(); break;
                case "Last-Modified": lastModified = StorageErrors.ReadDate(reader.ReadElementContentAsString()) ?? default; break;
                case "Etag": etag = ReadETag(reader.ReadElementContentAsString()); break;
                default: reader.Read(); break;
            }
        }

        return new(name, length, etag, contentType, lastModified);
    }

    private static string ReadFolder(XmlReader reader) => reader.ReadToDescendant("Name") ? ReadName(reader) : "";

    /// <summary>A name that XML cannot hold comes percent-encoded.</summary>
    private static string ReadName(XmlReader reader)
    {
        var isEncoded = reader.GetAttribute("Encoded") is "true";
        var name = reader.ReadElementContentAsString();
        return isEncoded ? Uri.UnescapeDataString(name) : name;
    }

    /// <summary>Listings leave out the quotes that headers have; with them the two are equal.</summary>
    private static ETag ReadETag(string text) => new(text.StartsWith('"') ? text : $"\"{text}\"");
}
