package dev.genserver.daemon;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.TokenException;
import dev.genserver.daemon.access.Tokens;
import dev.genserver.daemon.admin.ReloadException;
import dev.genserver.daemon.config.ConfigException;
import dev.genserver.daemon.config.DaemonConfig;
import dev.genserver.daemon.config.EffectiveValue;
import dev.genserver.daemon.config.PrincipalConfig;
import dev.genserver.daemon.log.Logging;
import dev.genserver.daemon.net.Tls;
import dev.genserver.daemon.net.TlsException;
import dev.genserver.daemon.text.Section;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What can change while the daemon runs: principals, tokens, the files of TLS, how is logged, and
/// what is said to plugins that are loaded from then on. Thread-safe.
final class Reload implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Reload.class.getName());

  private final Supplier<DaemonConfig> source;
  private final DaemonConfig started;
  private final AccessControl access;
  private final @Nullable Tls tls;
  private final Function<DaemonConfig, List<String>> plugins;
  private final FileWatch watch;
  private DaemonConfig taken;

  /// Reads the tokens, and goes on watching all files.
  ///
  /// @param source gives the configuration as it is now
  /// @param started the one that applies
  /// @param plugins hands a configuration on to the plugins, and tells the keys that they do not
  ///   use before a restart
  /// @throws TokenException if the tokens cannot be read
  Reload(
      Supplier<DaemonConfig> source,
      DaemonConfig started,
      @Nullable Tls tls,
      Function<DaemonConfig, List<String>> plugins) {
    this.plugins = plugins;
    this.source = source;
    this.started = started;
    this.taken = started;
    this.access = new AccessControl(access(started.principals()));
    this.tls = tls;
    var paths = new ArrayList<Path>(started.tokens().paths());
    if (tls != null) {
      paths.addAll(tls.paths());
    }
    this.watch = FileWatch.of(paths, this::filesChanged);
  }

  AccessControl access() {
    return access;
  }

  /// Reads everything again.
  ///
  /// @return what there is now, and which settings are not used before a restart
  /// @throws ReloadException if something is wrong; then all stays as it was
  synchronized Map<String, Object> all() throws ReloadException {
    var problems = new ArrayList<String>();
    try {
      var config = source.get();
      var next = access(config.principals());
      if (tls != null) {
        tls.reload();
      }
      access.replace(next);
      Logging.apply(config.log());
      var unused = new TreeSet<String>(plugins.apply(config));
      var applied =
          changed(taken, config)
              .filter(Reload::isApplied)
              .filter(key -> unused.stream().noneMatch(path -> isBelow(key, path)))
              .toList();
      changed(started, config).filter(key -> !isApplied(key)).forEach(unused::add);
      taken = config;
      tell(config, next, applied, unused);
      return Map.of(
          "applied", applied,
          "principals", config.principals().size(),
          "tokens", next.tokenCount(),
          "need_restart", List.copyOf(unused));
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    } catch (TokenException | TlsException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    problems.forEach(Reload::complain);
    throw new ReloadException(problems);
  }

  private synchronized void filesChanged() {
    try {
      var next = access.current().with(tokens());
      access.replace(next);
      LOG.log(Level.INFO, "tokens read again tokens={0}", next.tokenCount());
    } catch (TokenException e) {
      complain(e.getMessage());
    }
    if (tls != null) {
      try {
        tls.reload();
        LOG.log(Level.INFO, "TLS files read again files={0}", tls.paths());
      } catch (TlsException e) {
        complain(e.getMessage());
      }
    }
  }

  private static void complain(@Nullable String problem) {
    LOG.log(Level.ERROR, "not reloaded, what applied goes on: {0}", problem);
  }

  private Access access(List<PrincipalConfig> principals) {
    var specs = principals.stream().map(PrincipalConfig::spec).toList();
    return new Access(auth(), specs, tokens());
  }

  private Tokens tokens() {
    return auth().takesTokens() ? started.tokens().read() : Tokens.NONE;
  }

  private Auth auth() {
    return started.auth().orElse(Auth.NONE);
  }

  private static void tell(
      DaemonConfig config, Access access, List<String> applied, Set<String> unused) {
    LOG.log(
        Level.INFO,
        "configuration reloaded applied={0} principals={1} tokens={2}",
        applied,
        config.principals().size(),
        access.tokenCount());
    if (!unused.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "settings changed that are not used before the daemon is started again settings={0}",
          unused);
    }
  }

  /// The settings whose values differ, and those that only one of the two has, in order.
  private static Stream<String> changed(DaemonConfig before, DaemonConfig now) {
    var values = values(before);
    var next = values(now);
    return Stream.concat(values.keySet().stream(), next.keySet().stream())
        .distinct()
        .sorted()
        .filter(key -> !Objects.equals(values.get(key), next.get(key)));
  }

  private static Map<String, String> values(DaemonConfig config) {
    return config.effective().stream()
        .collect(Collectors.toMap(EffectiveValue::key, EffectiveValue::value, (a, _) -> a));
  }

  /// Whether a setting of that key is used without a restart; one of a plugin may not be.
  static boolean isApplied(String key) {
    return Stream.of(DaemonConfig.PRINCIPALS, DaemonConfig.LOG, Section.PLUGINS + ".")
        .anyMatch(key::startsWith);
  }

  private static boolean isBelow(String key, String path) {
    return key.equals(path) || key.startsWith(path + ".");
  }

  @Override
  public void close() {
    watch.close();
  }
}
