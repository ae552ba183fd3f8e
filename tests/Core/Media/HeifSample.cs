using System.Buffers.Binary;
using System.Text;

namespace OpenClaw.Tests.Core.Media;

/// <summary>A HEIF file written box by box around pictures that an encoder made: what phones write and encoders here do not.</summary>
public sealed class HeifSample
{
    private readonly byte[] _configuration;
    private readonly byte[] _picture;
    private readonly string _itemType;
    private readonly int _width;
    private readonly int _height;

    /// <param name="encoded">A file of one picture, as <c>heif-enc</c> writes it.</param>
    public HeifSample(byte[] encoded)
    {
        _itemType = Find(encoded, "hvcC") is null ? "av01" : "hvc1";
        _configuration = Find(encoded, _itemType == "hvc1" ? "hvcC" : "av1C")!;
        var extent = Find(encoded, "ispe")!;
        (_width, _height) = (
            BinaryPrimitives.ReadInt32BigEndian(extent.AsSpan(12)), BinaryPrimitives.ReadInt32BigEndian(extent.AsSpan(16)));
        _picture = Find(encoded, "mdat")![8..];
    }

    /// <summary>Quarter turns anticlockwise.</summary>
    public int Turns { get; init; }

    public bool IsMirrored { get; init; }

    /// <summary>What the file says its picture measures, in place of the truth.</summary>
    public (int Width, int Height)? Claim { get; init; }

    /// <summary>The picture alone.</summary>
    public byte[] Write() => Write([new Item(_itemType, _picture, HasTransformations: true)], Claim ?? (_width, _height), []);

    /// <summary>The picture as every tile of a grid.</summary>
    public byte[] WriteGrid(int columns, int rows)
    {
        var (width, height) = Claim ?? (columns * _width, rows * _height);
        byte[] grid = [0, 1, (byte)(rows - 1), (byte)(columns - 1), .. UInt32(width), .. UInt32(height)];
        var tiles = Enumerable.Repeat(new Item(_itemType, _picture, HasTransformations: false), columns * rows);
        return Write([new Item("grid", grid, HasTransformations: true), .. tiles], (
            width, height), [.. Enumerable.Range(2, columns * rows)]);
    }

    private byte[] Write(Item[] items, (int Width, int Height) size, int[] tiles)
    {
        var transformations = new List<byte[]>();
        if (Turns > 0)
        {
            transformations.Add(Box("irot", [(byte)Turns]));
        }

        if (IsMirrored)
        {
            transformations.Add(Box("imir", [1]));
        }

        byte[] properties = Box("ipco", [
            .. _configuration, .. Extent(_width, _height), .. Extent(size.Width, size.Height), .. transformations.SelectMany(t => t)]);
        var associations = items.Select((item, i) => (byte[])[
            .. UInt16(i + 1), .. Counted([
                .. item.Type == "grid" ? [] : (byte[])[0x81],
                item.HasTransformations ? (byte)0x03 : (byte)0x02,
                .. item.HasTransformations ? Enumerable.Range(4, transformations.Count).Select(t => (byte)(0x80 | t)) : []])]);

        byte[] Meta(int start) => Box("meta", [
            0, 0, 0, 0,
            .. Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. "pict"u8, .. new byte[13]]),
            .. Box("pitm", [0, 0, 0, 0, 0, 1]),
            .. Box("iloc", [0, 0, 0, 0, 0x44, 0, .. UInt16(items.Length), .. items.SelectMany((item, i) => (byte[])[
                .. UInt16(i + 1), 0, 0, 0, 1, .. UInt32(start + items.Take(i).Sum(before => before.Content.Length)), .. UInt32(
                    item.Content.Length)])]),
            .. Box("iinf", [0, 0, 0, 0, .. UInt16(items.Length), .. items.SelectMany((item, i) =>
                Box("infe", [2, 0, 0, (byte)(i == 0 ? 0 : 1), .. UInt16(i + 1), 0, 0, .. Encoding.ASCII.GetBytes(item.Type), 0]))]),
            .. tiles.Length == 0 ? []
                : Box("iref", [0, 0, 0, 0, .. Box("dimg", [0, 1, .. UInt16(tiles.Length), .. tiles.SelectMany(UInt16)])]),
            .. Box("iprp", [.. properties, .. Box("ipma", [0, 0, 0, 0, .. UInt32(items.Length), .. associations.SelectMany(a => a)])])]);

        byte[] type = Box("ftyp", [.. _itemType == "hvc1" ? "heic"u8 : "avif"u8, 0, 0, 0, 0, .. "mif1"u8]);
        return [.. type, .. Meta(type.Length + Meta(0).Length + 8), .. Box("mdat", [.. items.SelectMany(i => i.Content)])];
    }

    private static byte[] Counted(byte[] associations) => [(byte)associations.Length, .. associations];

    private static byte[] Extent(int width, int height) => Box("ispe", [0, 0, 0, 0, .. UInt32(width), .. UInt32(height)]);

    private static byte[] Box(string type, byte[] content) => [.. UInt32(content.Length + 8), .. Encoding.ASCII.GetBytes(type), .. content];

    /// <summary>The first box of a type, wherever it lies.</summary>
    private static byte[]? Find(byte[] file, string type)
    {
        var at = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type)) - 4;
        return at < 0 ? null : file.AsSpan(at, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at))).ToArray();
    }

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] UInt32(int value) => [.. UInt16(value >> 16), .. UInt16(value)];

    private sealed record Item(string Type, byte[] Content, bool HasTransformations);
}
