using System.Buffers.Binary;

namespace OpenClaw.Tests.Support;

/// <summary>The colours of a baseline JPEG, one for each block of 8 × 8 pixels: enough to see which way up a picture is.</summary>
public sealed class JpegBlocks
{
    private readonly byte[] _jpeg;
    private readonly int[] _quantizers = new int[4];
    private readonly Dictionary<int, Dictionary<(int Length, int Code), byte>> _codes = [];
    private readonly List<Component> _components = [];
    private int _at = 2;
    private int _bits;
    private int _bitCount;

    private JpegBlocks(byte[] jpeg)
    {
        _jpeg = jpeg;
        ReadTables();
        ReadScan();
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public static JpegBlocks Read(byte[] jpeg) => new(jpeg);

    /// <param name="x">From 0, the left edge, to 1.</param>
    /// <param name="y">From 0, the upper edge, to 1.</param>
    public (int Red, int Green, int Blue) At(double x, double y)
    {
        var values = _components.ConvertAll(c =>
        {
            var column = (int)(x * Width * c.X / _components[0].X / 8);
            var row = (int)(y * Height * c.Y / _components[0].Y / 8);
            return c.Means[(row * c.Columns) + column];
        });
        var (luma, blue, red) = (values[0] + 128.0, values[1], values[2]);
        return (Clamp(luma + (1.402 * red)), Clamp(luma - (0.344 * blue) - (0.714 * red)), Clamp(luma + (1.772 * blue)));
    }

    private static int Clamp(double value) => (int)Math.Clamp(Math.Round(value), 0, 255);

    private void ReadTables()
    {
        for (; ; )
        {
            var marker = _jpeg[_at + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(_jpeg.AsSpan(_at + 2));
            var segment = _jpeg.AsSpan(_at + 4, length - 2);
            _at += 2 + length;
            switch (marker)
            {
                case 0xDB:
                    for (; segment.Length > 0; segment = segment[65..])
                    {
                        _quantizers[segment[0] & 15] = segment[1];
                    }

                    break;
                case 0xC4:
                    while (segment.Length > 0)
                    {
                        segment = ReadCodes(segment);
                    }

                    break;
                case 0xC0:
                    (Height, Width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(
                        segment[3..]));
                    for (var i = 6; i < segment.Length; i += 3)
                    {
                        _components.Add(new Component(segment[i + 1] >> 4, segment[i + 1] & 15, segment[i + 2]));
                    }

                    break;
                case 0xDA:
                    for (var i = 0; i < _components.Count; i++)
                    {
                        _components[i].Codes = segment[2 + (i * 2)];
                    }

                    return;
            }
        }
    }

    private Span<byte> ReadCodes(Span<byte> segment)
    {
        var codes = _codes[segment[0]] = [];
        var (code, at) = (0, 17);
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            for (var i = 0; i < segment[length]; i++)
            {
                codes[(length, code++)] = segment[at++];
            }
        }

        return segment[at..];
    }

    private void ReadScan()
    {
        var unit = _components[0];
        int across = (Width + (8 * unit.X) - 1) / (8 * unit.X), down = (Height + (8 * unit.Y) - 1) / (8 * unit.Y);
        foreach (var component in _components)
        {
            component.Columns = across * component.X;
            component.Means = new double[component.Columns * down * component.Y];
        }

        for (var at = 0; at < across * down; at++)
        {
            foreach (var component in _components)
            {
                for (var block = 0; block < component.X * component.Y; block++)
                {
                    var column = (at % across * component.X) + (block % component.X);
                    var row = (at / across * component.Y) + (block / component.X);
                    component.Means[(row * component.Columns) + column] = ReadBlock(component);
                }
            }
        }
    }

    private double ReadBlock(Component component)
    {
        component.Level += ReadValue(ReadCode(component.Codes >> 4));
        for (var i = 1; i < 64; i++)
        {
            var symbol = ReadCode(0x10 | (component.Codes & 15));
            if (symbol == 0)
            {
                break;
            }

            i += symbol >> 4;
            ReadValue(symbol & 15);
        }

        return component.Level * _quantizers[component.Quantizer] / 8.0;
    }

    private int ReadCode(int table)
    {
        for (var (length, code) = (1, ReadBit()); length <= 16; length++, code = (code << 1) | ReadBit())
        {
            if (_codes[table].TryGetValue((length, code), out var symbol))
            {
                return symbol;
            }
        }

        throw new InvalidOperationException("Not a code of its table.");
    }

    private int ReadValue(int length)
    {
        var value = 0;
        for (var i = 0; i < length; i++)
        {
            value = (value << 1) | ReadBit();
        }

        return length > 0 && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    }

    private int ReadBit()
    {
        if (_bitCount == 0)
        {
            _bits = _jpeg[_at++];
            _at += _bits == 0xFF ? 1 : 0;
            _bitCount = 8;
        }

        return (_bits >> --_bitCount) & 1;
    }

    private sealed class Component(int x, int y, int quantizer)
    {
        public int X => x;

        public int Y => y;

        public int Quantizer => quantizer;

        public int Codes { get; set; }

        public int Columns { get; set; }

        public double[] Means { get; set; } = [];

        public int Level { get; set; }
    }
}
