using System.Text.Json;
using OpenClaw.Gateway.Hooks;
using OpenClaw.Gateway.Hooks.Transforms;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>What a transform may do, and what ends it.</summary>
[Trait("Feature", "F72")]
public class HookTransformTests
{
    private static readonly HookEvent Hook = new(
        JsonDocument.Parse("""{"user":{"name":"Ann"},"items":[1,2,3]}""").RootElement, new Dictionary<string, string> { ["x-event"] = "push" },
        new Dictionary<string, string> { ["q"] = "a b" }, "github", DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("export default ctx => ({ message: `Hi ${ctx.payload.user.name}` });", """{"message":"Hi Ann"}""")]
    [InlineData(
        "export default function ({ payload, headers, url, path }) { return [payload.items.length, headers['x-event'], url, path]; }",
        """[3,"push","github?q=a%20b","github"]""")]
    [InlineData("export default async ctx => ({ message: await Promise.resolve('later') });", """{"message":"later"}""")]
    [InlineData("export default () => null;", null)]
    [InlineData("export default () => undefined;", null)]
    [InlineData("export default () => 'a-b-c'.replaceAll('-', '_').replace(/b/, m => m + m)", "\"a_bb_c\"")]
    public void The_answer_of_the_function_is_the_result(string source, string? json) =>
        Assert.Equal(json, Run(source)?.ToJsonString());

    [Fact]
    public void Another_export_is_called_by_its_name() =>
        Assert.Equal("1", HookTransform.Run("export function other() { return 1; }", "other", Hook, default)!.ToJsonString());

    [Theory]
    [InlineData("export default () => { throw new Error('no luck'); }", "no luck")]
    [InlineData("export default () => { while (true) {} }", "")]
    [InlineData("export default () => { for (;;) { 'x'.repeat(10); } }", "")]
    [InlineData("export default () => { let s = 'x'; for (;;) { s += s; } }", "")]
    [InlineData("export default () => { const all = []; for (;;) { all.push(new Array(1000).fill(0)); } }", "")]
    [InlineData("export default () => 'x'.repeat(2 ** 30)", "")]
    [InlineData("export default () => 'x'.padEnd(2 ** 30)", "")]
    [InlineData("export default () => new Array(2 ** 30).fill(1)", "")]
    [InlineData("export default () => new ArrayBuffer(2 ** 31 - 1).byteLength", "")]
    [InlineData("export default () => new Array(100000).fill('x'.repeat(100000)).join('')", "")]
    [InlineData("export default () => 'x'.repeat(20000).replaceAll('x', 'y'.repeat(20000))", "")]
    [InlineData("export default () => 'x'.repeat(20000).replace(/x/g, 'y'.repeat(20000))", "too long")]
    [InlineData("export default () => /x/g[Symbol.replace]('x'.repeat(20000), 'y'.repeat(20000))", "too long")]
    [InlineData("export default () => 'x'.repeat(20000).replaceAll('x', { toString: () => 'y'.repeat(20000) })", "too long")]
    [InlineData("const f = () => f(); export default f;", "")]
    [InlineData("export default () => /^(a+)+$/.test('a'.repeat(40) + '!')", "")]
    [InlineData("export default () => JSON.parse('['.repeat(100000))", "")]
    [InlineData("export default () => { const o = {}; o.o = o; return o; }", "")]
    [InlineData("export default () => new Promise(() => {})", "")]
    [InlineData("export default () => import('fs')", "")]
    [InlineData("import fs from 'fs'; export default () => 1;", "")]
    [InlineData("import fs from '/etc/passwd'; export default () => 1;", "")]
    [InlineData("export default () => require('fs')", "require")]
    [InlineData("export default () => process.exit(1)", "process")]
    [InlineData("export default () => fetch('http://127.0.0.1/')", "fetch")]
    [InlineData("export default () => System.IO.File.ReadAllText('/etc/passwd')", "System")]
    [InlineData("export default () => importNamespace('System')", "importNamespace")]
    [InlineData("export default () => eval('1')", "")]
    [InlineData("export default () => new Function('return 1')()", "")]
    [InlineData("export default () => Symbol('x')", "")]
    [InlineData("export const other = 1;", "default")]
    [InlineData("export default 5;", "default")]
    [InlineData("this is not JavaScript", "")]
    public void What_goes_too_far_is_ended(string source, string word)
    {
        var before = GC.GetTotalAllocatedBytes();
        var failure = Assert.Throws<TransformException>(() => Run(source));
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 700L << 20);
    }

    private static System.Text.Json.Nodes.JsonNode? Run(string source) =>
        HookTransform.Run(source, "default", Hook, TestContext.Current.CancellationToken);
}
