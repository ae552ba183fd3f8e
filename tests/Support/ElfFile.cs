using System.Buffers.Binary;
using System.Text;

namespace OpenClaw.Tests.Support;

/// <summary>What a 64-bit ELF file's dynamic section says.</summary>
public sealed record ElfFile(string? SoName, IReadOnlyList<string> Needed)
{
    private const uint Load = 1, Dynamic = 2;
    private const ulong NeededTag = 1, StringTableTag = 5, SoNameTag = 14;

    public static bool Is(string path)
    {
        using var file = File.OpenRead(path);
        var magic = new byte[5];
        return file.Read(magic) == magic.Length && magic.AsSpan().SequenceEqual("\x7fELF\x02"u8);
    }

    public static ElfFile Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var at = (int)Number(bytes, 0x20, 8);
        var segments = Enumerable.Range(0, (int)Number(bytes, 0x38, 2)).Select(i => at + (i * 56))
            .Select(p => (Type: (uint)Number(bytes, p, 4), Offset: Number(bytes, p + 8, 8), Address: Number(bytes, p + 16, 8), Size: Number(
                bytes, p + 32, 8)))
            .ToList();
        var dynamic = segments.Single(s => s.Type == Dynamic);
        var entries = Enumerable.Range(0, (int)(dynamic.Size / 16)).Select(i => (int)dynamic.Offset + (i * 16))
            .Select(e => (Tag: Number(bytes, e, 8), Value: Number(bytes, e + 8, 8)))
            .ToList();
        var table = entries.Single(e => e.Tag == StringTableTag).Value;
        var segment = segments.Single(s => s.Type == Load && table >= s.Address && table < s.Address + s.Size);
        var strings = (int)(table - segment.Address + segment.Offset);
        return new ElfFile(
            entries.Where(e => e.Tag == SoNameTag).Select(Text).SingleOrDefault(),
            [.. entries.Where(e => e.Tag == NeededTag).Select(Text)]);

        string Text((ulong Tag, ulong Value) entry)
        {
            var rest = bytes.AsSpan(strings + (int)entry.Value);
            return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
        }
    }

    private static ulong Number(byte[] bytes, int at, int length) => length switch
    {
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)),
    };
}
