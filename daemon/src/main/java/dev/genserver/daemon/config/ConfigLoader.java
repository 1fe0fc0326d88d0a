package dev.genserver.daemon.config;

import dev.genserver.daemon.access.TokenSources;
import dev.genserver.daemon.config.FileSettings.Rest;
import dev.genserver.daemon.log.LogSettings;
import dev.genserver.daemon.text.Names;
import dev.genserver.daemon.text.Section;
import dev.genserver.daemon.trace.TraceSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts the configuration together: flags win over the environment, that over the file, that over
/// the defaults.
public final class ConfigLoader {

  /// The environment variable that names the file.
  public static final String FILE_VARIABLE = ConfigKey.ENVIRONMENT + "CONFIG";

  /// Variables of the launch scripts, which are no settings.
  private static final Set<String> OTHER_VARIABLES =
      Set.of(FILE_VARIABLE, ConfigKey.ENVIRONMENT + "HOME", ConfigKey.ENVIRONMENT + "JAVA_OPTS");

  private final List<String> problems = new ArrayList<>();
  private final Settings settings = new Settings(problems);

  private ConfigLoader() {}

  /// Reads and checks the configuration. Looks up host names that are no addresses; else reads
  /// nothing but the file.
  ///
  /// @param file the configuration file; if empty the one that `GENSERVERD_CONFIG` names, if any
  /// @param environment the environment; an empty variable counts as not there
  /// @param flags values by flag, as in `--listen`
  /// @throws ConfigException with all problems at once
  public static DaemonConfig load(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    var read = read(file, environment, flags);
    if (!read.problems().isEmpty()) {
      throw new ConfigException(read.problems());
    }
    return read.config();
  }

  /// The same, where what is wrong need not be the end: such a setting has the value from before it
  /// was said.
  public static Read read(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    var loader = new ConfigLoader();
    var config = loader.readAll(file, environment, flags);
    return new Read(config, loader.problems);
  }

  /// A configuration as far as it could be read.
  ///
  /// @param problems all that is wrong with it, as in [ConfigException#problems]
  public record Read(DaemonConfig config, List<String> problems) {

    public Read {
      problems = List.copyOf(problems);
    }
  }

  private DaemonConfig readAll(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    var path = file.or(() -> variable(environment, FILE_VARIABLE).map(Path::of));
    var rest = path.map(each -> FileSettings.apply(each, settings, problems)).orElse(Rest.NONE);
    readEnvironment(environment);
    readFlags(flags);
    letAdminFollowListen();
    checkAddresses();
    AccessCheck.check(settings, problems);
    return config(path, rest);
  }

  private void readEnvironment(Map<String, String> environment) {
    for (var key : ConfigKey.all()) {
      variable(environment, key.variable())
          .ifPresent(text -> settings.set(key, text, key.variable()));
    }
    var known = ConfigKey.all().stream().map(ConfigKey::variable).collect(Collectors.toSet());
    new TreeMap<>(environment)
        .keySet().stream()
            .filter(name -> name.startsWith(ConfigKey.ENVIRONMENT))
            .filter(name -> !known.contains(name) && !OTHER_VARIABLES.contains(name))
            .forEach(name ->
                problems.add("environment variable " + name + " is unknown" + meant(name, known)));
  }

  /// The suggestion for a variable; its common beginning says nothing about how near a name is.
  private static String meant(String name, Set<String> known) {
    var start = ConfigKey.ENVIRONMENT.length();
    var ends = Stream.concat(known.stream(), OTHER_VARIABLES.stream());
    return Names.nearest(name.substring(start), ends.map(each -> each.substring(start)).toList())
        .map(near -> "; did you mean " + ConfigKey.ENVIRONMENT + near + "?")
        .orElse("");
  }

  private void readFlags(Map<String, String> flags) {
    flags.forEach((flag, text) ->
        ConfigKey.all().stream()
            .filter(key -> key.flag().equals(flag))
            .findFirst()
            .ifPresentOrElse(
                key -> settings.set(key, text, flag),
                () -> problems.add("flag " + flag + " is unknown")));
  }

  /// So that a second daemon on a machine needs one setting more, and not two.
  private void letAdminFollowListen() {
    if (settings.isDefault(ConfigKey.ADMIN)) {
      var port = settings.get(ConfigKey.LISTEN).port();
      var next = new HostPort("127.0.0.1", port == 0 || port == 65_535 ? 0 : port + 1);
      settings.set(ConfigKey.ADMIN, next.toString(), settings.origin(ConfigKey.ADMIN));
    }
  }

  /// Without a login only this machine may reach the daemon, unless the operator says otherwise in
  /// so many words.
  private void checkAddresses() {
    var open =
        Stream.of(ConfigKey.LISTEN, ConfigKey.ADMIN)
            .filter(this::isForOthers)
            .map(key -> "%s is %s".formatted(named(key), settings.get(key)))
            .toList();
    if (!open.isEmpty() && settings.get(ConfigKey.AUTH).isEmpty()) {
      problems.add(
          String.join(" and ", open)
              + ", which other machines can reach, and nobody has to log in; set 'auth: token'"
              + " (GENSERVERD_AUTH=token) and 'tokens.dir' (GENSERVERD_TOKENS_DIR=DIR; a file in it is"
              + " called as a principal and holds its token) or 'tokens.file' ('genserverd token create"
              + " NAME' makes it), use 127.0.0.1, or let in everyone who reaches it with 'auth: none'"
              + " (GENSERVERD_AUTH=none, --auth none)");
    }
  }

  private String named(ConfigKey<?> key) {
    return "config '%s' (%s)".formatted(key.name(), settings.origin(key));
  }

  /// Whether other machines can reach an address.
  private boolean isForOthers(ConfigKey<HostPort> key) {
    var host = settings.get(key).host();
    try {
      return !Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException _) {
      problems.add(
          "%s names the host '%s', which is not known; use an address of this machine"
              .formatted(named(key), host));
      return false;
    }
  }

  private DaemonConfig config(Optional<Path> file, Rest rest) {
    var maxQueue = settings.get(ConfigKey.MAILBOX_MAX_QUEUE);
    List<ChildConfig> processes =
        file.isPresent() && rest.processes().isPresent()
            ? FileProcesses.read(file.get(), rest.processes().get(), maxQueue, problems)
            : List.of();
    List<PrincipalConfig> principals =
        file.isPresent() && rest.principals().isPresent()
            ? FilePrincipals.read(file.get(), rest.principals().get(), problems)
            : List.of();
    Map<String, Section> sections =
        file.isPresent() && rest.plugins().isPresent()
            ? FileSections.read(file.get(), rest.plugins().get(), problems)
            : Map.of();
    return new DaemonConfig(
        settings.get(ConfigKey.LISTEN),
        settings.get(ConfigKey.ADMIN),
        settings.get(ConfigKey.AUTH),
        new TokenSources(settings.get(ConfigKey.TOKENS_FILE), settings.get(ConfigKey.TOKENS_DIR)),
        tls(),
        new DaemonConfig.Login(settings.get(ConfigKey.LOGIN_TIMEOUT)),
        principals,
        new DaemonConfig.Plugins(
            settings.get(ConfigKey.PLUGINS_DIR),
            settings.isDefault(ConfigKey.PLUGINS_DIR),
            settings.get(ConfigKey.PLUGINS_ON_PROBLEM),
            settings.get(ConfigKey.PLUGINS_WATCH),
            settings.get(ConfigKey.PLUGINS_PROBATION),
            sections),
        new DaemonConfig.Frame(
            settings.get(ConfigKey.FRAME_MAX_BYTES), settings.get(ConfigKey.FRAME_TIMEOUT)),
        new DaemonConfig.Call(
            settings.get(ConfigKey.CALL_MAX_TIMEOUT), settings.get(ConfigKey.CALL_ALLOW_INFINITY)),
        new DaemonConfig.Connection(
            settings.get(ConfigKey.CONNECTION_MAX),
            settings.get(ConfigKey.CONNECTION_MAX_PER_ADDRESS),
            settings.get(ConfigKey.CONNECTION_ACCEPT_RATE),
            settings.get(ConfigKey.CONNECTION_MAX_IN_FLIGHT),
            settings.get(ConfigKey.CONNECTION_MAX_MONITORS),
            settings.get(ConfigKey.CONNECTION_IDLE_TIMEOUT),
            settings.get(ConfigKey.CONNECTION_WRITE_HIGH_WATER),
            settings.get(ConfigKey.CONNECTION_MAX_ANSWER_BYTES),
            settings.get(ConfigKey.CONNECTION_MAX_REQUEST_BYTES),
            settings.get(ConfigKey.CONNECTION_SLOW_CONSUMER_GRACE)),
        new DaemonConfig.Mailbox(maxQueue),
        new DaemonConfig.Memory(settings.get(ConfigKey.MEMORY_MAX_WAITING_PERCENT)),
        new DaemonConfig.Shutdown(settings.get(ConfigKey.SHUTDOWN_DRAIN)),
        new LogSettings(
            settings.get(ConfigKey.LOG_FORMAT),
            settings.get(ConfigKey.LOG_LEVEL),
            settings.get(ConfigKey.LOG_LEVELS)),
        new TraceSettings(
            settings.get(ConfigKey.TRACES_ENDPOINT),
            settings.get(ConfigKey.TRACES_SAMPLE),
            settings.get(ConfigKey.TRACES_HEADERS_FILE),
            settings.get(ConfigKey.TRACES_SERVICE_NAME)),
        processes,
        effective(sections, processes, principals));
  }

  private Optional<DaemonConfig.Tls> tls() {
    var certificate = settings.get(ConfigKey.TLS_CERTIFICATE);
    var key = settings.get(ConfigKey.TLS_KEY);
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(
            new DaemonConfig.Tls(
                certificate.get(), key.get(), settings.get(ConfigKey.TLS_CLIENT_CA)))
        : Optional.empty();
  }

  private List<EffectiveValue> effective(
      Map<String, Section> sections,
      List<ChildConfig> processes,
      List<PrincipalConfig> principals) {
    var values = new ArrayList<>(settings.effective());
    sections.values().forEach(section -> values.addAll(FileSections.effective(section)));
    principals.forEach(each ->
        values.add(
            new EffectiveValue(
                DaemonConfig.PRINCIPALS + each.spec().name(),
                each.spec().rights().toString(),
                each.origin())));
    processes.forEach(child -> addEffective(child, values));
    return values;
  }

  private static void addEffective(ChildConfig child, List<EffectiveValue> values) {
    switch (child) {
      case ProcessConfig process -> values.add(effective(process, process.behaviour()));
      case SupervisorConfig supervisor -> {
        values.add(effective(supervisor, ValueParser.written(supervisor.strategy())));
        supervisor.children().forEach(each -> addEffective(each, values));
      }
    }
  }

  private static EffectiveValue effective(ChildConfig child, String value) {
    return new EffectiveValue("processes." + child.name(), value, child.origin());
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty());
  }
}
