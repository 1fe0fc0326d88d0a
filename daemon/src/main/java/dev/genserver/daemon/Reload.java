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
import dev.genserver.daemon.net.Tls;
import dev.genserver.daemon.net.TlsException;
import dev.genserver.daemon.text.Section;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What can change while the daemon runs: principals, tokens, the files of TLS, and what is said to
/// plugins that are loaded from then on. Thread-safe.
final class Reload implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Reload.class.getName());

  private final Supplier<DaemonConfig> source;
  private final DaemonConfig started;
  private final AccessControl access;
  private final @Nullable Tls tls;
  private final Function<DaemonConfig, List<String>> plugins;
  private final FileWatch watch;

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
      var restart =
          Stream.concat(changed(config), plugins.apply(config).stream()).sorted().toList();
      LOG.log(
          Level.INFO,
          "configuration reloaded principals={0} tokens={1} need-restart={2}",
          config.principals().size(),
          next.tokenCount(),
          restart);
      return Map.of(
          "principals", config.principals().size(),
          "tokens", next.tokenCount(),
          "need_restart", restart);
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

  /// The settings that are others now than those with which the daemon runs.
  private Stream<String> changed(DaemonConfig config) {
    var before =
        started.effective().stream()
            .collect(Collectors.toMap(EffectiveValue::key, EffectiveValue::value));
    return config.effective().stream()
        .filter(each -> !each.key().startsWith(DaemonConfig.PRINCIPALS))
        .filter(each -> !each.key().startsWith(Section.PLUGINS + "."))
        .filter(each -> !each.value().equals(before.get(each.key())))
        .map(EffectiveValue::key);
  }

  @Override
  public void close() {
    watch.close();
  }
}
