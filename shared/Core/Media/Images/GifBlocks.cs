namespace OpenClaw.Media.Images;

/// <summary>Goes through a GIF's pictures and extensions; what follows that is neither is one last block.</summary>
/// <param name="image">From its start; at least a screen.</param>
internal ref struct GifBlocks(ReadOnlySpan<byte> image)
{
    public const int ScreenLength = 13;

    private const byte Extension = 0x21;

    private const byte Picture = 0x2C;

    private const int PictureLength = 10;

    private readonly ReadOnlySpan<byte> _image = image;

    /// <summary>Of the current block.</summary>
    public int Start { get; private set; }

    /// <summary>Of the current block; before the first, of the screen and its colours.</summary>
    public int End { get; private set; } = Math.Min(ScreenLength + ColorTableLength(image[10]), image.Length);

    public readonly bool IsPicture => _image.Length - Start >= PictureLength && _image[Start] == Picture;

    public bool MoveNext()
    {
        Start = End;
        if (Start >= _image.Length)
        {
            return false;
        }

        End = IsPicture ? SkipBlocks(Start + PictureLength + ColorTableLength(_image[Start + 9]) + 1)
            : _image[Start] == Extension ? SkipBlocks(Start + 2)
            : _image.Length;
        return true;
    }

    private static int ColorTableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private readonly int SkipBlocks(int at)
    {
        while (at < _image.Length && _image[at] > 0)
        {
            at += 1 + _image[at];
        }

        return Math.Min(at + 1, _image.Length);
    }
}
