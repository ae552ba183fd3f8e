using System.Runtime.CompilerServices;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>A decoded image: rows of red, green and blue bytes without a gap.</summary>
internal sealed unsafe class Raster(int width, int height) : IDisposable
{
    public const int BytesPerPixel = 3;

    private readonly NativeBytes _pixels = new(checked(width * height * BytesPerPixel));

    public int Width => width;

    public int Height => height;

    public int Stride => width * BytesPerPixel;

    public byte* Pixels => _pixels.Pointer;

    public Span<byte> Row(int y) => new(_pixels.Pointer + ((long)y * Stride), Stride);

    public void Dispose() => _pixels.Dispose();

    /// <summary>Sets a row from red, green, blue and alpha, on white.</summary>
    /// <param name="isPremultiplied">The colours have been multiplied by alpha already.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FlattenRow(int y, ReadOnlySpan<byte> rgba, bool isPremultiplied)
    {
        var row = Row(y);
        for (int from = 0, to = 0; to < row.Length; from += 4, to += BytesPerPixel)
        {
            var alpha = rgba[from + 3];
            var white = 255 - alpha;
            for (var channel = 0; channel < BytesPerPixel; channel++)
            {
                var colour = rgba[from + channel];
                row[to + channel] = (byte)Math.Min(255, isPremultiplied ? colour + white : ((colour * alpha) + 127) / 255 + white);
            }
        }
    }

    /// <summary>Each pixel becomes the mean of the area that it covers. What is small enough stays as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Raster ScaleTo(int maxEdge)
    {
        var longest = Math.Max(width, height);
        if (longest <= maxEdge)
        {
            return this;
        }

        var result = new Raster(Scaled(width, maxEdge, longest), Scaled(height, maxEdge, longest));
        var columns = new float[result.Stride];
        var sums = new float[result.Stride];
        var ratio = (double)height / result.Height;
        var y = 0;
        for (var source = 0; source < height && y < result.Height; source++)
        {
            ReduceRow(Row(source), width, columns);
            var end = (y + 1) * ratio;
            var inThis = (float)Math.Min(1, end - source);
            Add(columns, inThis, sums);
            if (source + 1 >= end - 1e-6 || source == height - 1)
            {
                Store(sums, (float)ratio, result.Row(y));
                Array.Clear(sums);
                Add(columns, 1 - inThis, sums);
                y++;
            }
        }

        return result;
    }

    /// <param name="orientation">EXIF's: 2 to 4 mirror or turn by 180 degrees, 5 to 8 exchange width and height.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Raster Turn(int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return this;
        }

        var isSideways = orientation >= 5;
        var result = isSideways ? new Raster(height, width) : new Raster(width, height);
        var isMirroredX = orientation is 2 or 3 or 7 or 8;
        var isMirroredY = orientation is 3 or 4 or 6 or 7;
        for (var y = 0; y < result.Height; y++)
        {
            var row = result.Row(y);
            for (var x = 0; x < result.Width; x++)
            {
                var (column, line) = isSideways ? (y, x) : (x, y);
                column = isMirroredX ? width - 1 - column : column;
                line = isMirroredY ? height - 1 - line : line;
                Row(line).Slice(column * BytesPerPixel, BytesPerPixel).CopyTo(row[(x * BytesPerPixel)..]);
            }
        }

        return result;
    }

    private static int Scaled(int edge, int maxEdge, int longest) => (int)Math.Max(1, Math.Round((double)edge * maxEdge / longest));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReduceRow(ReadOnlySpan<byte> row, int width, Span<float> columns)
    {
        columns.Clear();
        var count = columns.Length / BytesPerPixel;
        var ratio = (double)width / count;
        for (var x = 0; x < count; x++)
        {
            var (start, end) = (x * ratio, Math.Min((x + 1) * ratio, width));
            float red = 0, green = 0, blue = 0;
            for (var source = (int)start; source < end; source++)
            {
                var weight = (float)(Math.Min(source + 1, end) - Math.Max(source, start));
                var pixel = row.Slice(source * BytesPerPixel, BytesPerPixel);
                red += pixel[0] * weight;
                green += pixel[1] * weight;
                blue += pixel[2] * weight;
            }

            var scale = (float)(1 / ratio);
            columns[x * BytesPerPixel] = red * scale;
            columns[(x * BytesPerPixel) + 1] = green * scale;
            columns[(x * BytesPerPixel) + 2] = blue * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float[] columns, float weight, float[] sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += columns[i] * weight;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(float[] sums, float ratio, Span<byte> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (byte)Math.Clamp((sums[i] / ratio) + 0.5f, 0, 255);
        }
    }
}
