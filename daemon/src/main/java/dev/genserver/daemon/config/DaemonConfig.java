package dev.genserver.daemon.config;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.TokenSources;
import dev.genserver.daemon.log.LogSettings;
import dev.genserver.daemon.text.Section;
import dev.genserver.daemon.trace.TraceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The configuration, checked and complete. Immutable. What each value means stands at its
/// [ConfigKey].
///
/// @param auth empty if nothing was said, which allows loopback addresses only
/// @param tls empty to speak plain TCP
/// @param principals whose rights are configured; if there are none, whoever logs in may do
///   everything but administer
/// @param effective every key with its value and where that came from, in the order of the keys
public record DaemonConfig(
    HostPort listen,
    HostPort admin,
    Optional<Auth> auth,
    TokenSources tokens,
    Optional<Tls> tls,
    Login login,
    List<PrincipalConfig> principals,
    Plugins plugins,
    Frame frame,
    Call call,
    Connection connection,
    Mailbox mailbox,
    Memory memory,
    Shutdown shutdown,
    LogSettings log,
    TraceSettings traces,
    List<ChildConfig> processes,
    List<EffectiveValue> effective) {

  /// How the keys of principals among the effective values begin.
  public static final String PRINCIPALS = "principals.";

  /// The same of those that say how the daemon logs.
  public static final String LOG = "log.";

  /// Where plugins are, and what happens if they cannot be loaded.
  ///
  /// @param dirIsDefault whether nobody said where the folder is
  /// @param sections the configurations of plugins by their ids, in the order of the file; whether
  ///   they fit is not known before the plugins are loaded
  public record Plugins(
      Path dir,
      boolean dirIsDefault,
      OnProblem onProblem,
      boolean watch,
      Duration probation,
      Map<String, Section> sections) {}

  /// What a frame may be.
  public record Frame(int maxBytes, Duration timeout) {}

  /// The files that TLS is made of.
  public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

  /// How clients log in.
  public record Login(Duration timeout) {}

  /// How long calls may take.
  public record Call(Duration maxTimeout, boolean allowInfinity) {}

  /// What connections may do.
  public record Connection(
      int max,
      int maxPerAddress,
      int acceptRate,
      int maxInFlight,
      int maxMonitors,
      Duration idleTimeout,
      int writeHighWater,
      int maxAnswerBytes,
      int maxRequestBytes,
      Duration slowConsumerGrace) {}

  /// What mailboxes hold.
  public record Mailbox(int maxQueue) {}

  /// How much of the heap may wait.
  public record Memory(int maxWaitingPercent) {}

  /// Whether anybody has said something about the settings whose keys begin so.
  public boolean saysOf(String prefix) {
    return effective.stream()
        .filter(each -> each.key().startsWith(prefix))
        .anyMatch(each -> !each.origin().equals(EffectiveValue.DEFAULT));
  }

  /// How the daemon ends.
  public record Shutdown(Duration drain) {}

  public DaemonConfig {
    principals = List.copyOf(principals);
    processes = List.copyOf(processes);
    effective = List.copyOf(effective);
  }

  /// The names of the processes without which the daemon is not ready.
  public List<String> criticalProcesses() {
    return processes.stream().flatMap(DaemonConfig::critical).toList();
  }

  private static Stream<String> critical(ChildConfig child) {
    return switch (child) {
      case ProcessConfig process -> process.critical() ? Stream.of(process.name()) : Stream.of();
      case SupervisorConfig supervisor ->
          supervisor.children().stream().flatMap(DaemonConfig::critical);
    };
  }
}
