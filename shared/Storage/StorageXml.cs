using System.Runtime.InteropServices;
using System.Xml;

namespace OpenClaw.Storage;

/// <summary>XML as Blob and Queue speak it: no DTDs, no external entities.</summary>
internal static class StorageXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreWhitespace = true,
        CheckCharacters = false, // a blob name may hold what XML 1.0 cannot
    };

    public static XmlReader Read(ReadOnlyMemory<byte> body) => MemoryMarshal.TryGetArray(body, out var array)
        ? XmlReader.Create(new MemoryStream(array.Array!, array.Offset, array.Count, writable: false), Settings)
        : XmlReader.Create(new MemoryStream(body.ToArray(), writable: false), Settings);
}
