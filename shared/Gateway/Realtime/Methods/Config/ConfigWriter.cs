using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Editing;
using OpenClaw.Configuration.Parsing;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Config;

/// <summary>Changes the configuration file for a client:
/// <code>
/// stored file ─► change ─► secrets put back ─► base hash ─► checked as at the start ─► written, the old one kept ─► in force
/// </code></summary>
/// <param name="file">Null for a host whose configuration comes from elsewhere.</param>
internal sealed partial class ConfigWriter(ConfigView view, TimeProvider time, ILogger<ConfigWriter> logger, ConfigFile? file = null)
{
    private const int MaxWrites = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _writes = new();

    /// <param name="change">Makes the new document from the stored one.</param>
    /// <exception cref="RpcException"><c>INVALID_REQUEST</c>: the result is no configuration, or the file has changed since;
    /// <c>UNAVAILABLE</c>: too many writes, or there is no file that could be written.</exception>
    public ConfigWritten Write(Caller caller, string method, string? baseHash, Func<ConfigNode, ConfigNode> change)
    {
        if (file is null || !view.IsWritable)
        {
            throw new RpcException(new RpcError(
                RpcError.Unavailable, "this gateway was not started with a configuration file; change its settings where it is started")
            {
                Details = new RpcErrorDetails { Code = "CONFIG_NOT_WRITABLE" },
            });
        }

        lock (_lock)
        {
            Count();
            var text = view.ReadText();
            var stored = ConfigDocument.Parse(text ?? "{}", out var problem);
            var next = RedactedValues.Restore(change(stored), stored, out var unknown);
            if (unknown.Count > 0)
            {
                throw Invalid(unknown.Select(
                    path => new RpcIssue(path, $"{path} holds the placeholder of a secret, and none is stored there.")));
            }

            if (text is not null && problem is null && ConfigDocument.IsSame(next, stored))
            {
                return new ConfigWritten(view.Path, view.HashOf(text), view.Redact(stored)) { Noop = true };
            }

            if (text is not null && baseHash != view.HashOf(text))
            {
                throw Changed(baseHash is null);
            }

            return Write(caller, method, file, text, next);
        }
    }

    private ConfigWritten Write(Caller caller, string method, ConfigFile file, string? text, ConfigNode next)
    {
        var nextText = ConfigDocument.Write(next);
        var check = file.Check(nextText);
        if (check.Config is not { } config)
        {
            throw Invalid(ConfigView.Issues(check.Errors));
        }

        if (new AuthSettings(config).Mode == AuthMode.Unconfigured)
        {
            throw Invalid([new RpcIssue("gateway.auth", "gateway.auth would let nobody in: keep a token or a password.")]);
        }

        try
        {
            if (!file.TryWrite(nextText, text))
            {
                throw Changed(isMissing: false);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(failure);
            throw new RpcException(new RpcError(RpcError.Unavailable, "the configuration file cannot be written")
            {
                Details = new RpcErrorDetails { Code = "CONFIG_NOT_WRITABLE" },
            });
        }

        LogWritten(method, caller.Subject);
        var reloaded = file.Reload();
        return new ConfigWritten(view.Path, view.HashOf(nextText), view.Redact(next))
        {
            RestartRequired = reloaded.RestartKeys.Count > 0 ? reloaded.RestartKeys : null,
            Warnings = check.Warnings.Count > 0 ? ConfigView.Issues(check.Warnings) : null,
        };
    }

    /// <exception cref="RpcException"><c>UNAVAILABLE</c>.</exception>
    private void Count()
    {
        var now = time.GetUtcNow();
        while (_writes.TryPeek(out var oldest) && now - oldest >= Window)
        {
            _writes.Dequeue();
        }

        if (_writes.Count >= MaxWrites)
        {
            var after = _writes.Peek() + Window - now;
            throw new RpcException(new RpcError(RpcError.Unavailable, $"the configuration may be changed {MaxWrites} times a minute")
            {
                Details = new RpcErrorDetails { Code = "CONFIG_RATE_LIMITED" },
                Retryable = true,
                RetryAfterMs = (long)Math.Ceiling(after.TotalMilliseconds),
            });
        }

        _writes.Enqueue(now);
    }

    private static RpcException Changed(bool isMissing) => new(new RpcError(
        RpcError.InvalidRequest, isMissing
            ? "config base hash required; re-run config.get and retry"
            : "config changed since last load; re-run config.get and retry")
    {
        Details = new RpcErrorDetails { Code = "CONFIG_CHANGED" },
    });

    public static RpcException Invalid(IEnumerable<RpcIssue> issues)
    {
        List<RpcIssue> all = [.. issues];
        var messages = string.Join(" ", all.Select(issue => issue.Message));
        return new RpcException(new RpcError(RpcError.InvalidRequest, $"invalid config: {messages}")
        {
            Details = new RpcErrorDetails { Code = "CONFIG_INVALID", Issues = all },
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration file was changed by {Subject} ({Method})")]
    private partial void LogWritten(string method, string subject);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration file could not be written")]
    private partial void LogNotWritten(Exception failure);
}
