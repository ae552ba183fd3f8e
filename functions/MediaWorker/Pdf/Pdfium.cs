using System.Buffers.Binary;
using System.Text;
using Wasmtime;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>One instance of PDFium with one document: its memory goes with it. After an exception nothing but <see cref="Dispose"/> may be
/// called. Source: fpdfview.h, fpdf_text.h, fpdf_annot.h, fpdf_formfill.h.</summary>
internal sealed class Pdfium : IDisposable
{
    private const int PasswordNeeded = 4;

    private readonly Store _store;
    private readonly Linker _linker;
    private readonly Instance _instance;
    private readonly Memory _memory;
    private readonly Dictionary<string, Delegate> _functions = new(StringComparer.Ordinal);
    private int _document;
    private int _form;

    public Pdfium(PdfiumModule module, TimeSpan time)
    {
        _store = new Store(module.Engine);
        _store.SetLimits(PdfiumModule.MaxMemory);
        _linker = new Linker(module.Engine);
        var imports = new PdfiumImports();
        try
        {
            Allow(time);
            imports.Define(_linker, module.Module);
            _instance = _linker.Instantiate(_store, module.Module);
            _memory = imports.Memory = _instance.GetMemory("memory")!;
            imports.Table = _instance.GetTable("__indirect_function_table")!;
            imports.StackPointer = _instance.GetFunction<int>("emscripten_stack_get_current")!;
            imports.RestoreStack = _instance.GetAction<int>("_emscripten_stack_restore")!;
            imports.SetThrew = _instance.GetAction<int, int>("setThrew")!;
            _instance.GetAction("__wasm_call_ctors")!();
            _instance.GetAction("PDFiumExt_Init")!();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int PageCount { get; private set; }

    public bool NeedsPassword { get; private set; }

    /// <summary>From now on it may run so long; then every call ends in a <see cref="TrapException"/>.</summary>
    public void Allow(TimeSpan time) => _store.SetEpochDeadline(PdfiumModule.Ticks(time));

    /// <returns>False: it cannot be read.</returns>
    public bool Open(ReadOnlySpan<byte> pdf)
    {
        var file = Allocate(pdf.Length);
        pdf.CopyTo(_memory.GetSpan(file, pdf.Length));
        _document = Call("FPDF_LoadMemDocument", file, pdf.Length, 0);
        if (_document == 0)
        {
            NeedsPassword = Call("FPDF_GetLastError") == PasswordNeeded;
            return false;
        }

        PageCount = Call("FPDF_GetPageCount", _document);
        _form = Call("PDFiumExt_InitFormFillEnvironment", _document, Call("PDFiumExt_OpenFormFillInfo"));
        return PageCount > 0;
    }

    /// <returns>Null: there is no such page, or it is broken.</returns>
    /// <param name="index">From 0.</param>
    public PdfiumPage? LoadPage(int index) =>
        Call("FPDF_LoadPage", _document, index) is var page and not 0 ? new PdfiumPage(this, page, _form) : null;

    public int Call(string name) => Find(name, static (i, n) => i.GetFunction<int>(n))();

    public int Call(string name, int a) => Find(name, static (i, n) => i.GetFunction<int, int>(n))(a);

    public int Call(string name, int a, int b) => Find(name, static (i, n) => i.GetFunction<int, int, int>(n))(a, b);

    public int Call(string name, int a, int b, int c) => Find(name, static (i, n) => i.GetFunction<int, int, int, int>(n))(a, b, c);

    public int Call(string name, int a, int b, int c, int d) =>
        Find(name, static (i, n) => i.GetFunction<int, int, int, int, int>(n))(a, b, c, d);

    public int Call(string name, int a, int b, int c, int d, int e) =>
        Find(name, static (i, n) => i.GetFunction<int, int, int, int, int, int>(n))(a, b, c, d, e);

    public int Call(string name, int a, int b, int c, int d, int e, int f) =>
        Find(name, static (i, n) => i.GetFunction<int, int, int, int, int, int, int>(n))(a, b, c, d, e, f);

    public float Measure(string name, int page) => Find(name, static (i, n) => i.GetFunction<int, float>(n))(page);

    public void Run(string name, int a) => Find(name, static (i, n) => i.GetAction<int>(n))(a);

    public void Run(string name, int a, int b) => Find(name, static (i, n) => i.GetAction<int, int>(n))(a, b);

    /// <summary>For functions with more arguments than the binding has delegates for.</summary>
    public void RunMany(string name, params ReadOnlySpan<int> arguments)
    {
        var boxes = new ValueBox[arguments.Length];
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] = arguments[i];
        }

        _ = _instance.GetFunction(name)!.Invoke(boxes);
    }

    public int Allocate(int length) => Call("malloc", length) is var at and not 0 ? at : throw new InsufficientMemoryException();

    public ReadOnlySpan<byte> Read(int at, int length) => _memory.GetSpan((uint)at, length);

    public double ReadDouble(int at) => BinaryPrimitives.ReadDoubleLittleEndian(Read(at, sizeof(double)));

    public float ReadSingle(int at) => BinaryPrimitives.ReadSingleLittleEndian(Read(at, sizeof(float)));

    /// <summary>Calls a function that writes UTF-16 into a buffer and says its length in bytes, with a zero at its end.</summary>
    public string ReadText(Func<int, int, int> call, int maxLength)
    {
        var buffer = Allocate(maxLength);
        try
        {
            var length = call(buffer, maxLength);
            return length is < 4 || length > maxLength ? "" : Encoding.Unicode.GetString(Read(buffer, length - 2));
        }
        finally
        {
            Run("free", buffer);
        }
    }

    /// <summary>A zero-ended name in the instance's memory, to be freed by the caller.</summary>
    public int Write(string name)
    {
        var at = Allocate(name.Length + 1);
        _memory.WriteString((uint)at, name + '\0', Encoding.ASCII);
        return at;
    }

    public void Dispose()
    {
        _linker.Dispose();
        _store.Dispose();
    }

    private T Find<T>(string name, Func<Instance, string, T?> find)
        where T : Delegate
    {
        if (!_functions.TryGetValue(name, out var function))
        {
            _functions[name] = function = find(_instance, name) ?? throw new InvalidOperationException($"PDFium has no {name}.");
        }

        return (T)function;
    }
}
