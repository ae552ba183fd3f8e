using System.Runtime.InteropServices;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>Memory outside the managed heap, so that the process's limit counts it and decoders can keep pointers to it.</summary>
internal sealed unsafe class NativeBytes(int length) : IDisposable
{
    public byte* Pointer { get; private set; } = (byte*)NativeMemory.Alloc((nuint)length);

    public int Length => length;

    public Span<byte> Span => new(Pointer, length);

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
