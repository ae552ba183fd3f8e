using System.Reflection;
using System.Runtime.InteropServices;
using Wasmtime;
using Module = Wasmtime.Module;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>PDFium as machine code, made from its WebAssembly once.</summary>
internal sealed partial class PdfiumModule : IDisposable
{
    /// <summary>Bytes of linear memory that one file may have.</summary>
    public const long MaxMemory = 384L * 1024 * 1024;

    private const ulong GuardSize = 64 * 1024;

    /// <summary>Deep page trees and colour spaces recurse. Wasmtime allows 2 MiB at most.</summary>
    private const int WasmStack = 1536 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Timer _clock;
    private TimeSpan _counted;

    private PdfiumModule(Engine engine, Module module)
    {
        Engine = engine;
        Module = module;
        _counted = Environment.CpuUsage.TotalTime;
        _clock = new Timer(_ => Count(), null, Tick, Tick);
    }

    public Engine Engine { get; }

    public Module Module { get; }

    /// <exception cref="WasmtimeException">Made for another processor or version.</exception>
    public static PdfiumModule Load(string file)
    {
        var engine = CreateEngine();
        try
        {
            return new PdfiumModule(engine, Module.DeserializeFile(engine, "pdfium", file));
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Takes some seconds on all processors.</summary>
    public static byte[] Compile(string wasm)
    {
        using var engine = CreateEngine();
        using var module = Module.FromFile(engine, wasm);
        return module.Serialize();
    }

    /// <returns>Ticks of the engine's clock; at least one whole.</returns>
    public static ulong Ticks(TimeSpan time) => (ulong)Math.Max(0, time / Tick) + 1;

    public void Dispose()
    {
        _clock.Dispose();
        Module.Dispose();
        Engine.Dispose();
    }

    /// <summary>The engine's clock is processor time, so that a busy machine does not make files too complex; the gateway's is
    /// not.</summary>
    private void Count()
    {
        for (var used = Environment.CpuUsage.TotalTime; used - _counted >= Tick; _counted += Tick)
        {
            Engine.IncrementEpoch();
        }
    }

    private static Engine CreateEngine()
    {
        using var config = new Config()
            .WithEpochInterruption(true)
            .WithMaximumStackSize(WasmStack)
            .WithStaticMemoryMaximumSize(MaxMemory)
            .WithMemoryReservationForGrowth(0)
            .WithMemoryGuardSize(GuardSize)
            .WithMemoryInitCopyOnWrite(false);
        UseBaseline(config);
        return new Engine(config);
    }

    /// <summary>For every processor of this architecture: a package is made on another machine than it runs on. Without a named
    /// target Wasmtime compiles for the one that it runs on. The binding has no such option yet, its library has.</summary>
    private static void UseBaseline(Config config)
    {
        if (Target() is { } target
            && typeof(Config).GetProperty("NativeHandle", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(
                config) is SafeHandle handle)
        {
            _ = SetTarget(handle, target);
        }
    }

    private static string? Target() => RuntimeInformation.RuntimeIdentifier switch
    {
        "linux-x64" => "x86_64-unknown-linux-gnu",
        "linux-arm64" => "aarch64-unknown-linux-gnu",
        _ => null,
    };

    [LibraryImport("wasmtime", EntryPoint = "wasmtime_config_target_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint SetTarget(SafeHandle config, string target);
}
