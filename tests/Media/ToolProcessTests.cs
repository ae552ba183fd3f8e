using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenClaw.Media;
using Xunit;

namespace OpenClaw.Tests.Media;

public sealed class ToolProcessTests
{
    private static readonly NativeProgram Shell = new("/bin/sh");
    private static readonly ToolLimits Patient = new(TimeSpan.FromMinutes(1), 1 << 20);
    private static readonly ToolLimits Hasty = new(TimeSpan.FromMilliseconds(300), 1 << 20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Input_goes_in_and_output_and_exit_code_come_out()
    {
        var input = new byte[300_000];
        Random.Shared.NextBytes(input);

        var result = await RunAsync("cat; echo no one reads this >&2; exit 3", input);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(input, result.Output);
        Assert.Equal((false, false, false), (result.IsCut, result.IsTimedOut, result.IsKilled));
    }

    [Fact]
    public async Task Much_on_stderr_does_not_stop_a_program()
    {
        var result = await RunAsync("head -c 1000000 /dev/zero >&2; echo done");

        Assert.Equal("done\n", Encoding.UTF8.GetString(result.Output));
    }

    [Theory]
    [InlineData(9_999, false)]
    [InlineData(10_000, false)]
    [InlineData(10_001, true)]
    [InlineData(80_000, true)]
    [InlineData(500_000, true)]
    public async Task Output_is_cut_only_where_there_is_more_than_may_be(int written, bool isCut)
    {
        var result = await RunAsync($"head -c {written} /dev/zero", limits: Patient with { MaxOutputBytes = 10_000 });

        Assert.Equal(Math.Min(written, 10_000), result.Output.Length);
        Assert.Equal(isCut, result.IsCut);
        Assert.False(result.IsKilled);
    }

    [Fact]
    public async Task A_program_that_never_stops_writing_is_killed()
    {
        var result = await RunAsync("exec cat /dev/zero", limits: Patient with { MaxOutputBytes = 100 });

        Assert.True(result.IsCut);
        Assert.Equal(100, result.Output.Length);
    }

    [Theory]
    [InlineData("exec sleep 600")]
    [InlineData("exec >&-; exec sleep 600")]
    [InlineData("exec <&- >&- 2>&-; exec sleep 600")]
    [InlineData("sleep 600; true")]
    [InlineData("trap '' TERM INT HUP; sleep 600; true")]
    [InlineData("sleep 3 & exit 0")]
    public async Task A_program_that_hangs_without_using_the_processor_is_killed(string command)
    {
        var result = await RunAsync(command, new byte[1_000_000], Hasty).WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.True(result.IsTimedOut);
        Assert.True(result.IsKilled);
    }

    [Fact]
    public async Task What_was_written_before_the_time_ran_out_is_kept()
    {
        var result = await RunAsync("echo first; exec sleep 600", limits: Hasty with { WallClock = TimeSpan.FromSeconds(2) });

        Assert.Equal("first\n", Encoding.UTF8.GetString(result.Output));
        Assert.True(result.IsTimedOut);
    }

    [Fact]
    public async Task All_that_a_program_started_is_killed_with_it()
    {
        var result = await RunAsync("(sleep 600 & echo $!; wait) & echo $!; echo $$; wait", limits: Hasty with { WallClock = TimeSpan.FromSeconds(2) });

        var ids = Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(3, ids.Count);
        await Assert.AllAsync(ids, AssertGoneAsync);
    }

    [Fact]
    public async Task A_program_need_not_read_its_input()
    {
        var result = await RunAsync("echo enough", new byte[10_000_000]);

        Assert.Equal((0, "enough\n"), (result.ExitCode, Encoding.UTF8.GetString(result.Output)));
    }

    [Theory]
    [InlineData("SEGV", 139)]
    [InlineData("ABRT", 134)]
    [InlineData("KILL", 137)]
    public async Task A_signal_is_told_as_128_and_its_number(string signal, int exitCode)
    {
        var result = await RunAsync($"kill -{signal} $$");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.True(result.IsKilled);
        Assert.False(result.IsTimedOut);
    }

    [Fact]
    public async Task Nobody_waiting_any_more_kills_it()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var folder = Directory.CreateTempSubdirectory("openclaw-tool-");
        try
        {
            // It may make a folder, not a file.
            var running = RunAsync($"mkdir '{folder.FullName}'/$$; exec sleep 600", cancellationToken: leave.Token);
            while (folder.GetDirectories() is [])
            {
                await Task.Yield();
            }

            await leave.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            await AssertGoneAsync(int.Parse(folder.GetDirectories().Single().Name, CultureInfo.InvariantCulture));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Nothing_is_started_for_one_who_left_before()
    {
        var mark = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RunAsync($"mkdir '{mark}'", cancellationToken: new CancellationToken(canceled: true)));

        Assert.False(Directory.Exists(mark));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public async Task Its_environment_is_only_what_it_is_given(int? cpuSeconds)
    {
        var program = new NativeProgram("/usr/bin/env") { Environment = new Dictionary<string, string> { ["FONTS"] = "here" } };

        var result = await ToolProcess.RunAsync(program, [], default, Patient with { CpuSeconds = cpuSeconds }, Token);

        Assert.Equal("FONTS=here\n", Encoding.UTF8.GetString(result.Output));
    }

    [Fact]
    public async Task Arguments_reach_it_unread_by_the_shell()
    {
        var program = new NativeProgram("/usr/bin/printf") { FirstArguments = ["%s|", "$HOME"] };

        var result = await ToolProcess.RunAsync(program, ["a b", "; exit 9", "`id`", "-n", "\"'"], default, Patient, Token);

        Assert.Equal("$HOME|a b|; exit 9|`id`|-n|\"'|", Encoding.UTF8.GetString(result.Output));
    }

    [Fact]
    public async Task A_busy_program_is_killed_for_its_processor_time()
    {
        var result = await RunAsync("while :; do :; done", limits: Patient with { CpuSeconds = 1 });

        Assert.True(result.IsKilled);
        Assert.False(result.IsTimedOut);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(2048, true)]
    public async Task A_program_gets_no_more_memory_than_it_may(int mebibytes, bool suffices)
    {
        var result = await RunAsync("dd if=/dev/zero of=/dev/null bs=256M count=1", limits: Patient with { MemoryMebibytes = mebibytes });

        Assert.Equal(suffices, result.ExitCode == 0);
    }

    [Fact]
    public async Task A_program_writes_no_files()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var result = await RunAsync($"head -c 100000 /dev/zero > '{file}'");

            Assert.NotEqual(0, result.ExitCode);
            Assert.True(!File.Exists(file) || new FileInfo(file).Length == 0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("/nowhere/pdftotext")]
    [InlineData("/etc/passwd")]
    public async Task A_program_that_cannot_be_started_is_a_missing_tool(string file)
    {
        var failure = await Assert.ThrowsAsync<MediaException>(() => ToolProcess.RunAsync(new NativeProgram(file), [], default, Patient, Token));

        Assert.Equal(MediaException.ToolsMissing, failure.Code);
        Assert.DoesNotContain("/", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_at_once_do_not_mix()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => RunAsync("cat", Encoding.UTF8.GetBytes($"{n}"))));

        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"{n}"), results.Select(r => Encoding.UTF8.GetString(r.Output)));
    }

    private static Task<ToolResult> RunAsync(
        string command, byte[]? input = null, ToolLimits? limits = null, CancellationToken? cancellationToken = null) =>
        ToolProcess.RunAsync(
            Shell with { Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" } },
            ["-c", command],
            input,
            limits ?? Patient,
            cancellationToken ?? Token);

    /// <summary>Killed processes that nobody has reaped yet are as good as gone.</summary>
    /// <summary>A process that was killed is gone a moment later.</summary>
    private static async Task AssertGoneAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            var status = $"/proc/{id}/stat";
            if (!(await File.ReadAllTextAsync(status, Token)).Split(") ")[^1].StartsWith('Z'))
            {
                await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
            }
        }
        catch (Exception gone) when (gone is ArgumentException or FileNotFoundException or DirectoryNotFoundException)
        {
        }
    }
}
