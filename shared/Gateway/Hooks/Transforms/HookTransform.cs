using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using OpenClaw.Gateway.Hooks.Templates;

namespace OpenClaw.Gateway.Hooks.Transforms;

/// <summary>
/// Runs a transform: a function that a JavaScript module exports. It gets <c>{payload, headers, url, path}</c> and returns what to do, or
/// null for nothing. It has no files, no network, no timers, no other modules and nothing of .NET; time, memory, statements and
/// depth are limited.
/// </summary>
public static class HookTransform
{
    /// <summary>How long a call may take.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    private const long MaxMemory = 64 << 20;

    private const int MaxStatements = 1_000_000;

    private const int MaxDepth = 128;

    private const int MaxListLength = 100_000;

    private const string ModuleName = "transform";

    /// <summary>Methods that make a very long text in one step, before any limit is looked at, refuse to.</summary>
    private const string BoundedReplacement = """
        (() => {
            const bound = (holder, name) => {
                const original = holder[name];
                Object.defineProperty(holder, name, { value: function (first, second) {
                    const by = typeof second === 'function' ? second : String(second);
                    const length = String(name === Symbol.replace ? first : this).length;
                    if (typeof by === 'string' && (length + 1) * by.length > 16777216) {
                        throw new RangeError('The text would be too long.');
                    }
                    return original.call(this, first, by);
                } });
            };
            bound(String.prototype, 'replace');
            bound(String.prototype, 'replaceAll');
            bound(RegExp.prototype, Symbol.replace);
        })();
        """;

    /// <summary>Calls the function.</summary>
    /// <param name="source">Text of the module.</param>
    /// <param name="export">Name of the exported function.</param>
    /// <returns>What it returned, as JSON; null for null and undefined.</returns>
    /// <exception cref="TransformException">It could not be loaded, threw, or went past a limit.</exception>
    public static JsonNode? Run(string source, string export, HookEvent hook, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = new Engine(options => Limit(options, cancellationToken));
            engine.Execute(BoundedReplacement);
            engine.Modules.Add(ModuleName, source);
            var function = engine.Modules.Import(ModuleName).Get(export);
            var result = function.IsCallable()
                ? engine.Invoke(function, ArgumentOf(engine, hook)).UnwrapIfPromise(MaxTime)
                : throw new TransformException($"The module exports no function '{export}'.");
            if (result.IsNull() || result.IsUndefined())
            {
                return null;
            }

            var json = new JsonSerializer(engine).Serialize(result);
            return json.IsString() && json.AsString() is { Length: <= HookTemplate.MaxLength } text
                ? JsonNode.Parse(text)
                : throw new TransformException($"It returned no JSON, or more than {HookTemplate.MaxLength} characters.");
        }
        catch (Exception failure) when (failure is JintException or TimeoutException or InsufficientExecutionStackException
            or InvalidOperationException or OutOfMemoryException or ArgumentException or System.Text.Json.JsonException)
        {
            throw new TransformException(failure.Message, failure);
        }
    }

    private static void Limit(Options options, CancellationToken cancellationToken)
    {
        options.Strict().LimitMemory(MaxMemory).TimeoutInterval(MaxTime).MaxStatements(MaxStatements).LimitRecursion(MaxDepth)
            .MaxArraySize(MaxListLength).RegexTimeoutInterval(TimeSpan.FromMilliseconds(250)).DisableStringCompilation()
            .CancellationToken(cancellationToken);
    }

    private static JsObject ArgumentOf(Engine engine, HookEvent hook)
    {
        var parser = new JsonParser(engine);
        var argument = new JsObject(engine);
        argument.Set("payload", parser.Parse(hook.Payload.GetRawText()));
        argument.Set("headers", TextsOf(engine, hook.Headers));
        argument.Set("query", TextsOf(engine, hook.Query));
        argument.Set("path", hook.Path);
        argument.Set("url", hook.Path + (hook.Query.Count == 0 ? "" : "?" + string.Join('&', hook.Query.Select(
            q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"))));
        return argument;
    }

    private static JsObject TextsOf(Engine engine, IReadOnlyDictionary<string, string> texts)
    {
        var value = new JsObject(engine);
        foreach (var (name, text) in texts)
        {
            value.Set(name, text);
        }

        return value;
    }
}
