using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>The life of a media worker, seen from the gateway.</summary>
public sealed class MediaWorkersTests : IDisposable
{
    private const string Started = @"printf 's\000\000\000\000'; ";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-workers-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Marks => Path.Combine(_folder.FullName, "marks");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("exit 0", MediaException.ToolsMissing)]
    [InlineData("exit 127", MediaException.ToolsMissing)]
    [InlineData("echo hello", MediaException.ToolsMissing)]
    [InlineData(Started + "exit 0", MediaException.TooComplex)]
    [InlineData(Started + "kill -9 $$", MediaException.TooComplex)]
    [InlineData(Started + "kill -11 $$", MediaException.TooComplex)]
    [InlineData(Started + "printf hello", MediaException.TooComplex)]
    [InlineData(Started + @"printf 'p\377\377\377\177'", MediaException.TooComplex)]
    [InlineData(Started + @"printf 'p\002\000\000\000no'", MediaException.TooComplex)]
    [InlineData(Started + @"printf 'e\002\000\000\000no'", MediaException.TooComplex)]
    public async Task However_a_worker_ends_the_caller_gets_a_clear_error(string script, string code)
    {
        using var workers = Outcome.Start(Outcome.Script(script));
        Assert.Equal(code, await Outcome.OfAsync(ConvertAsync(workers)));
    }

    [Theory]
    [InlineData("", MediaException.ToolsMissing)]
    [InlineData(Started, MediaException.TooComplex)]
    public async Task A_worker_that_hangs_is_killed(string before, string code)
    {
        var brief = TimeSpan.FromMilliseconds(300);
        using var workers = Outcome.Start(
            Outcome.Script($"echo $$ >>'{Marks}'; {before}exec sleep 1000") with { StartTime = brief, WallClock = brief });
        Assert.Equal(code, await Outcome.OfAsync(ConvertAsync(workers)));
        await AssertEndedAsync(Assert.Single(ReadMarks()));
    }

    [Fact]
    public async Task A_caller_that_leaves_takes_the_worker_with_it()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var workers = Outcome.Start(
            Outcome.Script($"mkfifo '{Marks}.pipe'; echo $$ >'{Marks}'; {Started}read never <'{Marks}.pipe'"));
        var converting = ConvertAsync(workers, cancellationToken: leave.Token);
        while (ReadMarks().Count == 0)
        {
            await Task.Yield();
        }

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => converting);
        await AssertEndedAsync(Assert.Single(ReadMarks()));
    }

    [Fact]
    public async Task A_worker_that_is_not_there_is_a_tool_missing()
    {
        using var workers = Outcome.Start(new MediaWorkerOptions { Program = new NativeProgram("/nowhere/openclaw") });
        Assert.Equal(MediaException.ToolsMissing, await Outcome.OfAsync(ConvertAsync(workers)));
    }

    [Fact]
    public async Task A_worker_serves_one_file_after_the_other_and_ends_when_none_comes()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var workers = Outcome.Start(Marked(), clock);
        await ConvertAsync(workers);
        await ConvertAsync(workers);
        var worker = Assert.Single(ReadMarks());
        Assert.NotNull(Find(worker));

        clock.Advance(TimeSpan.FromMinutes(1));
        await AssertEndedAsync(worker);
        await ConvertAsync(workers);
        Assert.Equal(2, ReadMarks().Count);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_to_all_processes_of_a_terminal_does_not_end_a_worker_before_its_gateway(string signal)
    {
        using var workers = Outcome.Start(Marked());
        await ConvertAsync(workers);
        using (var kill = Process.Start(
            "/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {Assert.Single(ReadMarks())}")]))
        {
            await kill.WaitForExitAsync(Token);
            Assert.Equal(0, kill.ExitCode);
        }

        await ConvertAsync(workers);
        Assert.Single(ReadMarks());
    }

    [Fact]
    public async Task A_worker_ends_also_when_the_clock_was_set_back_meanwhile()
    {
        var clock = new ClockSetBack();
        using var workers = Outcome.Start(Marked(), clock);
        await ConvertAsync(workers);
        clock.Back = TimeSpan.FromSeconds(5);
        clock.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(Find(Assert.Single(ReadMarks())));

        clock.Time.Advance(TimeSpan.FromSeconds(10));
        await AssertEndedAsync(Assert.Single(ReadMarks()));
    }

    [Fact]
    public async Task The_gateway_gives_memory_back_when_no_file_has_come_for_a_while()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var workers = Outcome.Start(Marked(), clock);
        await ConvertAsync(workers);
        var body = MakeGarbage();
        Assert.True(body.IsAlive);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(body.IsAlive);
    }

    [Fact]
    public async Task A_warm_worker_that_was_ended_by_the_system_is_replaced()
    {
        using var workers = Outcome.Start(Marked());
        await ConvertAsync(workers);
        using (var worker = Process.GetProcessById(Assert.Single(ReadMarks())))
        {
            worker.Kill();
            await worker.WaitForExitAsync(Token);
        }

        await ConvertAsync(workers);
        Assert.Equal(2, ReadMarks().Count);
    }

    [Fact]
    public async Task A_file_that_ends_its_worker_leaves_no_process_and_no_file()
    {
        using (var workers = Outcome.Start(Marked() with { WallClock = TimeSpan.Zero }))
        {
            Assert.Equal(MediaException.TooComplex, await Outcome.OfAsync(ConvertAsync(workers, Samples.Read("quarters.heic"))));
        }

        await AssertEndedAsync(Assert.Single(ReadMarks()));
        Assert.False(Directory.Exists(await File.ReadAllTextAsync(Marks + ".folder", Token)));
    }

    [Fact]
    public async Task A_worker_inherits_nothing_of_the_gateways_environment()
    {
        var program = MediaWorkerProgram.Find(MediaWorkerProgram.Folder);
        var shell = Outcome.Script($"tr '\\0' '\\n' </proc/$$/environ | cut -d= -f1 | sort >'{Marks}'");
        using var workers = Outcome.Start(shell with { Program = shell.Program with { Environment = program.Environment } });
        await Outcome.OfAsync(ConvertAsync(workers));
        var allowed = program.Environment.Keys.Concat([MediaWorkerOptions.FolderVariable, "PWD", "SHLVL", "_"]);
        Assert.Subset(allowed.ToHashSet(), (await File.ReadAllLinesAsync(Marks, Token)).ToHashSet());
    }

    [Fact]
    public async Task Reading_files_loads_no_decoder_into_the_gateway()
    {
        await ConvertAsync(Outcome.Workers, Samples.Read("quarters.heic"));
        await new PdfReader(Outcome.Workers).ReadAsync(PdfSamples.Text(), new PdfLimits(1, 1_000_000, 200, 1_000), Outcome.Caller, Token);
        var maps = await File.ReadAllTextAsync("/proc/self/maps", Token);
        Assert.DoesNotContain("wasmtime", maps, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Magick", maps, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ImageSharp", maps, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_native_executable_is_taken_where_it_can_be_executed_else_the_assembly(bool canExecute)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There is no such permission on Windows.");
            return;
        }

        var (native, assembly) = (Path.Combine(_folder.FullName, "openclaw"), Path.Combine(_folder.FullName, "openclaw.dll"));
        File.WriteAllText(native, "");
        File.WriteAllText(assembly, "");
        File.SetUnixFileMode(native, UnixFileMode.UserRead | (canExecute ? UnixFileMode.UserExecute : 0));
        var program = MediaWorkerProgram.Find(_folder.FullName);

        Assert.Equal(canExecute ? native : assembly, canExecute ? program.File : program.FirstArguments[0]);
        Assert.Equal(MediaWorkerOptions.Command, program.FirstArguments[^1]);
        Assert.True(canExecute || Path.GetFileName(program.File) == "dotnet");
    }

    [Fact]
    public async Task A_process_that_is_not_the_gateway_starts_a_worker()
    {
        var placeholder = Path.Combine(AppFolder.OutputOf(Path.Combine("tests", "Placeholder")), "placeholder");
        var pdf = Path.Combine(_folder.FullName, "a.pdf");
        await File.WriteAllBytesAsync(pdf, PdfSamples.Text(), Token);
        using var process = Process.Start(
            new ProcessStartInfo(placeholder, [MediaWorkerProgram.Folder, pdf]) { RedirectStandardOutput = true })!;
        var words = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(PdfSamples.Sentence, words.Trim());
    }

    /// <summary>The real worker, which leaves its number, and the name of its folder.</summary>
    private MediaWorkerOptions Marked()
    {
        var program = MediaWorkerProgram.Find(MediaWorkerProgram.Folder);
        var command = string.Join(' ', new[] { program.File }.Concat(program.FirstArguments).Select(static a => $"'{a}'"));
        var script = $"echo $$ >>'{Marks}'; printf %s \"${MediaWorkerOptions.FolderVariable}\" >'{Marks}.folder'; exec {command}";
        return new MediaWorkerOptions
        {
            Program = program with { File = "/bin/sh", FirstArguments = ["-c", script] },
            WallClock = TimeSpan.FromMinutes(1)
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeGarbage() => new(new byte[100_000_000]);

    private List<int> ReadMarks() =>
        File.Exists(Marks) ? [.. File.ReadAllLines(Marks).Select(static l => int.Parse(l, CultureInfo.InvariantCulture))] : [];

    private sealed class ClockSetBack : TimeProvider
    {
        public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch);

        public TimeSpan Back { get; set; }

        public override long TimestampFrequency => Time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Time.GetUtcNow() - Back;

        public override long GetTimestamp() => Time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Time.CreateTimer(callback, state, dueTime, period);
    }

    private static async Task AssertEndedAsync(int id)
    {
        using var process = Find(id);
        await (process?.WaitForExitAsync(Token) ?? Task.CompletedTask);
    }

    private static Process? Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Task<byte[]> ConvertAsync(MediaWorkers workers, byte[]? image = null, CancellationToken? cancellationToken = null)
    {
        image ??= ImageSamples.Png(8, 8);
        return new ImageConverter(workers).ToJpegAsync(
            image, ImageHeader.Read(image)!, 1_000, 1_000_000, long.MaxValue, Outcome.Caller, cancellationToken ?? Token);
    }
}
