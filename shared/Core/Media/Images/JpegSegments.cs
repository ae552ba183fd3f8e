using System.Buffers.Binary;

namespace OpenClaw.Media.Images;

/// <summary>Goes through a JPEG's segments, as forgiving as viewers are: bytes between segments, <c>FF 00</c> and fill bytes before a
/// marker
/// are skipped, and a length that reaches beyond the end counts for nothing.</summary>
/// <param name="image">From its start.</param>
internal ref struct JpegSegments(ReadOnlySpan<byte> image)
{
    public const byte StartOfScan = 0xDA;

    public const byte EndOfImage = 0xD9;

    private const int Prefix = 4;

    private readonly ReadOnlySpan<byte> _image = image;
    private int _next = 2;

    /// <summary>Of the current segment: its last byte.</summary>
    public byte Marker { get; private set; }

    /// <summary>Where its marker begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends; that of a scan with the pixels behind it.</summary>
    public readonly int End => _next;

    /// <summary>Without marker and length.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    public bool MoveNext()
    {
        for (; _next + 1 < _image.Length; _next++)
        {
            if (_image[_next] == 0xFF && _image[_next + 1] is not (0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD8)))
            {
                Read();
                return true;
            }
        }

        return false;
    }

    private void Read()
    {
        (Start, Marker) = (_next, _image[_next + 1]);
        Content = default;
        _next += 2;
        var length = Marker == EndOfImage || Start + Prefix > _image.Length ? 0
            : BinaryPrimitives.ReadUInt16BigEndian(_image[(Start + 2)..]);
        if (length >= 2 && Start + 2 + length <= _image.Length)
        {
            Content = _image.Slice(Start + Prefix, length - 2);
            _next = Start + 2 + length;
        }

        while (Marker == StartOfScan && _next + 1 < _image.Length
            && (_image[_next] != 0xFF || _image[_next + 1] is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7)))
        {
            _next += Math.Max(1, _image[_next..].IndexOf((byte)0xFF));
        }
    }
}
