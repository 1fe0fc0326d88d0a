package dev.genserver.daemon.config;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.log.LogFormat;
import dev.genserver.daemon.log.LogLevel;
import dev.genserver.daemon.trace.TraceSettings;
import dev.genserver.sdk.StartOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A setting: what it is called in the file, in the environment and as a flag, what it means, and
/// what it is by default. [#all] lists them.
///
/// @param <T> what its value is
public final class ConfigKey<T> {

  /// How every environment variable of the daemon begins.
  public static final String ENVIRONMENT = "GENSERVERD_";

  private static final List<ConfigKey<?>> ALL = new ArrayList<>();

  public static final ConfigKey<HostPort> LISTEN =
      key(
          "listen",
          "127.0.0.1:6470",
          HostPort::parse,
          "Where clients connect, as host:port; port 0 takes any free one.");

  public static final ConfigKey<HostPort> ADMIN =
      key(
          "admin",
          "127.0.0.1:6471",
          HostPort::parse,
          "Where the admin HTTP server listens, with /healthz and /readyz, as host:port; over TLS"
              + " where the wire is. Left out, it is on loopback at the port after that of listen, or"
              + " at any free one if that is 0.");

  public static final ConfigKey<Optional<Auth>> AUTH =
      key(
          "auth",
          "",
          text ->
              text.isEmpty()
                  ? Optional.empty()
                  : Optional.of(ValueParser.constant(Auth.class).parse(text)),
          "How clients prove who they are: 'token', 'certificate', 'either' of them, 'both', or"
              + " 'none', which lets in whoever reaches the port and must be said in so many words to"
              + " listen elsewhere than on loopback.");

  public static final ConfigKey<Optional<Path>> TOKENS_FILE =
      key(
          "tokens.file",
          "",
          ConfigKey::path,
          "The file of tokens, which 'genserverd token' makes. Read again when it changes.");

  public static final ConfigKey<Optional<Path>> TOKENS_DIR =
      key(
          "tokens.dir",
          "",
          ConfigKey::path,
          "A folder of secrets, such as a container engine mounts: each file is called as a principal"
              + " and holds its token. Read again when it changes.");

  public static final ConfigKey<Optional<Path>> TLS_CERTIFICATE =
      key(
          "tls.certificate",
          "",
          ConfigKey::path,
          "The daemon's certificate and those between it and its CA, as PEM. With it the wire speaks"
              + " TLS, and nothing else. Read again when it changes.");

  public static final ConfigKey<Optional<Path>> TLS_KEY =
      key(
          "tls.key",
          "",
          ConfigKey::path,
          "The private key of that certificate, as PEM: PKCS#8, not encrypted.");

  public static final ConfigKey<Optional<Path>> TLS_CLIENT_CA =
      key(
          "tls.client-ca",
          "",
          ConfigKey::path,
          "The CAs whose client certificates are accepted, as PEM.");

  public static final ConfigKey<Duration> LOGIN_TIMEOUT =
      key(
          "login.timeout",
          "5s",
          ValueParser.time("100ms", "1m"),
          "How long a connection may take to log in, and for the TLS handshake.");

  public static final ConfigKey<Path> PLUGINS_DIR =
      new ConfigKey<>(
          "plugins.dir",
          ENVIRONMENT + "PLUGINS",
          "--plugins",
          "plugins",
          Path::of,
          "The folder of plugins: jars, and folders of jars. Relative to the working directory.");

  public static final ConfigKey<OnProblem> PLUGINS_ON_PROBLEM =
      key(
          "plugins.on-problem",
          "skip",
          ValueParser.constant(OnProblem.class),
          "When a plugin or a configured process cannot be loaded: 'skip' starts without it and"
              + " says so, 'refuse' does not start.");

  public static final ConfigKey<Boolean> PLUGINS_WATCH =
      key(
          "plugins.watch",
          "true",
          ValueParser.truth(),
          "Whether plugins that are put into the folder while the daemon runs are deployed, and those"
              + " whose files are replaced upgraded.");

  public static final ConfigKey<Duration> PLUGINS_PROBATION =
      key(
          "plugins.probation",
          "30s",
          ValueParser.time("0ms", "24h"),
          "For how long a version of a plugin is watched that replaced another in the folder; if more"
              + " than two of its processes crash meanwhile, the one before is back.");

  public static final ConfigKey<Integer> FRAME_MAX_BYTES =
      key(
          "frame.max-bytes",
          "1048576",
          ValueParser.whole(1 << 10, (1 << 24) - 1),
          "The longest frame or line, both ways, in bytes.");

  public static final ConfigKey<Duration> FRAME_TIMEOUT =
      key(
          "frame.timeout",
          "30s",
          ValueParser.time("100ms", "1h"),
          "How long a frame or line may take to arrive, from its first byte to its last.");

  public static final ConfigKey<Duration> CALL_MAX_TIMEOUT =
      key(
          "call.max-timeout",
          "1h",
          ValueParser.time("1ms", "24h"),
          "The longest timeout of a call; a longer one is cut to this.");

  public static final ConfigKey<Boolean> CALL_ALLOW_INFINITY =
      key(
          "call.allow-infinity",
          "false",
          ValueParser.truth(),
          "Whether a call may wait for ever, with the timeout \"infinity\".");

  public static final ConfigKey<Integer> CONNECTION_MAX =
      key(
          "connection.max",
          "10000",
          ValueParser.whole(1, 1_000_000),
          "How many connections may be open.");

  public static final ConfigKey<Integer> CONNECTION_MAX_PER_ADDRESS =
      key(
          "connection.max-per-address",
          "1000",
          ValueParser.whole(1, 1_000_000),
          "How many connections may be open from one address; an IPv6 address stands for its network"
              + " of 64 bits.");

  public static final ConfigKey<Integer> CONNECTION_ACCEPT_RATE =
      key(
          "connection.accept-rate",
          "1000",
          ValueParser.whole(1, 1_000_000),
          "How many new connections are taken a second; those beyond wait.");

  public static final ConfigKey<Integer> CONNECTION_MAX_IN_FLIGHT =
      key(
          "connection.max-in-flight",
          "1024",
          ValueParser.whole(1, 1_000_000),
          "How many calls a connection may have open; one more is answered with overloaded.");

  public static final ConfigKey<Integer> CONNECTION_MAX_MONITORS =
      key(
          "connection.max-monitors",
          "1024",
          ValueParser.whole(0, 1_000_000),
          "How many processes a connection may monitor; one more is answered with overloaded.");

  public static final ConfigKey<Duration> CONNECTION_IDLE_TIMEOUT =
      key(
          "connection.idle-timeout",
          "90s",
          ValueParser.time("1s", "24h"),
          "After how long without a sign of life a connection is closed; pinged at half of it.");

  public static final ConfigKey<Integer> CONNECTION_WRITE_HIGH_WATER =
      key(
          "connection.write-high-water",
          "1048576",
          ValueParser.whole(1 << 10, 1 << 30),
          "How many bytes of answers may wait for a client before it is read no further.");

  public static final ConfigKey<Integer> CONNECTION_MAX_ANSWER_BYTES =
      key(
          "connection.max-answer-bytes",
          "67108864",
          ValueParser.whole(1 << 16, Integer.MAX_VALUE),
          "How many bytes of answers may wait for a client before it is disconnected at once.");

  public static final ConfigKey<Integer> CONNECTION_MAX_REQUEST_BYTES =
      key(
          "connection.max-request-bytes",
          "16777216",
          ValueParser.whole(1 << 16, Integer.MAX_VALUE),
          "How many bytes of a client's requests may be unfinished before it is read no further.");

  public static final ConfigKey<Integer> MEMORY_MAX_WAITING_PERCENT =
      key(
          "memory.max-waiting-percent",
          "25",
          ValueParser.whole(1, 80),
          "How much of the heap unfinished requests of all clients may take, in percent, and how much"
              + " their answers that wait; frames over 64 KiB that arrive may take half of that, and so"
              + " may bodies and answers over HTTP.");

  public static final ConfigKey<Duration> CONNECTION_SLOW_CONSUMER_GRACE =
      key(
          "connection.slow-consumer-grace",
          "10s",
          ValueParser.time("100ms", "1h"),
          "How long a client may leave its answers waiting before it is disconnected.");

  public static final ConfigKey<Integer> MAILBOX_MAX_QUEUE =
      key(
          "mailbox.max-queue",
          Integer.toString(StartOptions.DEFAULT_MAX_QUEUE),
          ValueParser.whole(1, 10_000_000),
          "How many messages may wait in the mailbox of a configured process that says no other"
              + " number.");

  public static final ConfigKey<Duration> SHUTDOWN_DRAIN =
      key(
          "shutdown.drain",
          "10s",
          ValueParser.time("0s", "1h"),
          "How long the daemon, told to end, goes on with what it has read.");

  public static final ConfigKey<LogFormat> LOG_FORMAT =
      key(
          "log.format",
          "text",
          ValueParser.constant(LogFormat.class),
          "How the log is written, to standard error: 'text' for people, 'json' for programs, an"
              + " object in a line for each event. Read again on SIGHUP.");

  public static final ConfigKey<LogLevel> LOG_LEVEL =
      key(
          "log.level",
          "info",
          ValueParser.constant(LogLevel.class),
          "From which level on events are logged: 'off', 'error', 'warn', 'info', 'debug' or"
              + " 'trace'. Read again on SIGHUP.");

  public static final ConfigKey<Map<String, LogLevel>> LOG_LEVELS =
      key(
          "log.levels",
          "",
          ValueParser.each(ValueParser.constant(LogLevel.class)),
          "The levels of single loggers and those below them, such as"
              + " 'dev.genserver.daemon.net=debug, io.netty=info'; io.netty is at warn unless it is"
              + " said here. Read again on SIGHUP.");

  public static final ConfigKey<Optional<URI>> TRACES_ENDPOINT =
      key(
          "traces.endpoint",
          "",
          text -> text.isEmpty() ? Optional.empty() : Optional.of(TraceSettings.endpoint(text)),
          "The collector that the spans of requests are sent to, by OTLP over HTTP, such as"
              + " http://localhost:4318/v1/traces. Left out, none are recorded.");

  public static final ConfigKey<Double> TRACES_SAMPLE =
      key(
          "traces.sample",
          "0",
          ValueParser.share(),
          "Which share of the requests is recorded that come without a trace, from 0 to 1. Those that"
              + " bring one are recorded if it says 'sampled'.");

  public static final ConfigKey<Optional<Path>> TRACES_HEADERS_FILE =
      key(
          "traces.headers-file",
          "",
          ConfigKey::path,
          "A file of headers that are sent to the collector, a line each, such as 'Authorization:"
              + " Bearer …'.");

  public static final ConfigKey<String> TRACES_SERVICE_NAME =
      key(
          "traces.service-name",
          "genserverd",
          ValueParser.name(),
          "What the daemon is called in traces, as service.name.");

  private final String name;
  private final String variable;
  private final String flag;
  private final String defaultText;
  private final ValueParser<T> parser;
  private final String description;

  private ConfigKey(
      String name,
      String variable,
      String flag,
      String defaultText,
      ValueParser<T> parser,
      String description) {
    this.name = name;
    this.variable = variable;
    this.flag = flag;
    this.defaultText = defaultText;
    this.parser = parser;
    this.description = description;
    ALL.add(this);
  }

  private static <T> ConfigKey<T> key(
      String name, String defaultText, ValueParser<T> parser, String description) {
    var dashed = name.replace('.', '-');
    var variable = ENVIRONMENT + dashed.replace('-', '_').toUpperCase(Locale.ROOT);
    return new ConfigKey<>(name, variable, "--" + dashed, defaultText, parser, description);
  }

  private static Optional<Path> path(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  /// All settings, in the order in which they are shown.
  public static List<ConfigKey<?>> all() {
    return List.copyOf(ALL);
  }

  /// What it is called in the file: `frame.max-bytes`.
  public String name() {
    return name;
  }

  /// The environment variable: `GENSERVERD_FRAME_MAX_BYTES`.
  public String variable() {
    return variable;
  }

  /// The flag: `--frame-max-bytes`.
  public String flag() {
    return flag;
  }

  /// What it is if nobody says; empty if it then is nothing.
  public String defaultText() {
    return defaultText;
  }

  /// One or two sentences for people.
  public String description() {
    return description;
  }

  /// Reads the text of a value.
  ///
  /// @throws IllegalArgumentException that says what the text must be: `must be …`
  T parse(String text) {
    return parser.parse(text);
  }

  @Override
  public String toString() {
    return name;
  }
}
