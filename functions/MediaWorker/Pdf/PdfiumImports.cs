using System.Globalization;
using Wasmtime;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>What PDFium asks of its surroundings: as good as nothing. There are no files, no environment and no time; memory grows within
/// the store's limit, and <c>longjmp</c> is an exception that the next <c>invoke_*</c> catches. Source: emscripten, library.js.</summary>
internal sealed class PdfiumImports
{
    private const int NoSuchFile = -44;

    private const int BadDescriptor = 8;

    private readonly Dictionary<int, Function> _functions = [];
    private bool _isJumping;

    public Memory Memory { get; set; } = null!;

    public Table Table { get; set; } = null!;

    public Func<int> StackPointer { get; set; } = null!;

    public Action<int> RestoreStack { get; set; } = null!;

    public Action<int, int> SetThrew { get; set; } = null!;

    public void Define(Linker linker, Module module)
    {
        foreach (var import in module.Imports.OfType<FunctionImport>())
        {
            linker.DefineFunction(import.ModuleName, import.Name, Choose(import.Name), import.Parameters, import.Results);
        }
    }

    private Function.UntypedCallbackDelegate Choose(string name) => name switch
    {
        _ when name.StartsWith("invoke_", StringComparison.Ordinal) => Invoke,
        _ when name.StartsWith("__syscall_", StringComparison.Ordinal) => static (_, _, results) => results[0] = NoSuchFile,
        "emscripten_resize_heap" => (_, arguments, results) => results[0] = Grow((uint)arguments[0].AsInt32()) ? 1 : 0,
        "_emscripten_throw_longjmp" => (_, _, _) =>
        {
            _isJumping = true;
            throw new InvalidOperationException("longjmp");
        }
        ,
        "_abort_js" or "__assert_fail" => static (_, _, _) => throw new InvalidOperationException("PDFium gave up."),
        "_emscripten_memcpy_js" => (_, arguments, _) =>
        {
            var (to, from, length) = ((uint)arguments[0].AsInt32(), (uint)arguments[1].AsInt32(), arguments[2].AsInt32());
            Memory.GetSpan(from, length).CopyTo(Memory.GetSpan(to, length));
        }
        ,
        "emscripten_date_now" => static (_, _, results) => results[0] = 0d,
        "environ_sizes_get" => (_, arguments, results) =>
        {
            Memory.WriteInt32((uint)arguments[0].AsInt32(), 0);
            Memory.WriteInt32((uint)arguments[1].AsInt32(), 0);
            results[0] = 0;
        }
        ,
        "environ_get" or "fd_close" or "fd_sync" => static (_, _, results) => results[0] = 0,
        "fd_read" or "fd_write" or "fd_seek" => static (_, _, results) => results[0] = BadDescriptor,
        "_gmtime_js" or "_localtime_js" or "_tzset_js" => static (_, _, _) => { }
        ,
        _ => throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture, $"PDFium asks for {name}, which is not known.")),
    };

    private void Invoke(Caller caller, ReadOnlySpan<ValueBox> arguments, Span<ValueBox> results)
    {
        var stack = StackPointer();
        try
        {
            var index = arguments[0].AsInt32();
            if (!_functions.TryGetValue(index, out var function))
            {
                _functions[index] = function = (Function)Table.GetElement((uint)index)!;
            }

            var result = function.Invoke(arguments[1..]);
            if (results.Length > 0)
            {
                results[0] = (int)result!;
            }
        }
        catch (WasmtimeException) when (_isJumping)
        {
            _isJumping = false;
            RestoreStack(stack);
            SetThrew(1, 0);
            if (results.Length > 0)
            {
                results[0] = 0;
            }
        }
    }

    private bool Grow(uint wanted)
    {
        var missing = wanted - Memory.GetLength();
        try
        {
            return missing <= 0 || Memory.Grow((missing + Memory.PageSize - 1) / Memory.PageSize) >= 0;
        }
        catch (WasmtimeException)
        {
            return false;
        }
    }
}
