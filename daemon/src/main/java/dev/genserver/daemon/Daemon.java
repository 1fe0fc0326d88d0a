package dev.genserver.daemon;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.TokenException;
import dev.genserver.daemon.admin.ReloadException;
import dev.genserver.daemon.admin.SysConnections;
import dev.genserver.daemon.admin.SysNode;
import dev.genserver.daemon.admin.SysPlugins;
import dev.genserver.daemon.admin.SysProcesses;
import dev.genserver.daemon.admin.Wire;
import dev.genserver.daemon.config.ChildConfig;
import dev.genserver.daemon.config.DaemonConfig;
import dev.genserver.daemon.config.OnProblem;
import dev.genserver.daemon.config.ProcessConfig;
import dev.genserver.daemon.config.SupervisorConfig;
import dev.genserver.daemon.http.CallLimits;
import dev.genserver.daemon.http.Callers;
import dev.genserver.daemon.http.Calls;
import dev.genserver.daemon.http.Readiness;
import dev.genserver.daemon.http.Site;
import dev.genserver.daemon.log.Logging;
import dev.genserver.daemon.log.RecentEvents;
import dev.genserver.daemon.metrics.Censuses;
import dev.genserver.daemon.metrics.Live;
import dev.genserver.daemon.metrics.Metrics;
import dev.genserver.daemon.net.AdminServer;
import dev.genserver.daemon.net.HttpSettings;
import dev.genserver.daemon.net.Tls;
import dev.genserver.daemon.net.TlsException;
import dev.genserver.daemon.net.TlsFiles;
import dev.genserver.daemon.net.WireServer;
import dev.genserver.daemon.net.WireSettings;
import dev.genserver.daemon.plugin.ConfiguredChild;
import dev.genserver.daemon.plugin.ConfiguredProcess;
import dev.genserver.daemon.plugin.ConfiguredSupervisor;
import dev.genserver.daemon.plugin.Deployment;
import dev.genserver.daemon.plugin.PluginConfigurations;
import dev.genserver.daemon.plugin.PluginProblem;
import dev.genserver.daemon.plugin.PluginWatch;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.daemon.request.Gate;
import dev.genserver.daemon.trace.SpanCounters;
import dev.genserver.daemon.trace.TraceException;
import dev.genserver.daemon.trace.Traces;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.runtime.SchedulerWatch;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.Timeouts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A running daemon: plugins, a node with their supervised processes, and the wire. Thread-safe.
///
/// The daemon's own supervisor has [SysProcesses], and one child a plugin: that plugin's
/// supervisor, which has the plugin's processes. A plugin whose restarts are exhausted stays down
/// alone, as an OTP application of type temporary does.
public final class Daemon implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Daemon.class.getName());

  /// How long the first request of a connection over HTTP may take to come, up to its body.
  private static final Duration HTTP_HEAD = Duration.ofSeconds(10);

  /// As many processes are told of that hold up the end.
  private static final int MOST_TOLD = 10;

  private final DaemonConfig config;
  private final Node node;
  private final Pid root;
  private final WireServer wire;
  private final AdminServer admin;
  private final Reload reload;
  private final Readiness readiness;
  private final Deque<Runnable> opened;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile Runnable onDrain = this::close;

  private Daemon(
      DaemonConfig config,
      Node node,
      Pid root,
      WireServer wire,
      AdminServer admin,
      Reload reload,
      Readiness readiness,
      Deque<Runnable> opened) {
    this.config = config;
    this.node = node;
    this.root = root;
    this.wire = wire;
    this.admin = admin;
    this.reload = reload;
    this.readiness = readiness;
    this.opened = opened;
  }

  /// Starts with a configuration that does not change; see [#start(Supplier)].
  ///
  /// @throws StartException as there
  public static Daemon start(DaemonConfig config) throws StartException {
    return start(() -> config);
  }

  /// Loads the plugins, starts their processes, and serves.
  ///
  /// @param source gives the configuration, now and when it is to be read again
  /// @throws StartException if the address cannot be bound, tokens or TLS files cannot be used, or
  ///   something is wrong with a plugin and the configuration says to refuse then; nothing is left
  ///   running
  public static Daemon start(Supplier<DaemonConfig> source) throws StartException {
    var config = source.get();
    var opened = new ArrayDeque<Runnable>();
    try {
      return start(source, config, opened);
    } catch (StartException | RuntimeException e) {
      opened.forEach(Runnable::run);
      throw e;
    }
  }

  private static void log(DaemonConfig config) {
    if (!Logging.apply(config.log()) && config.saysOf(DaemonConfig.LOG)) {
      LOG.log(
          Level.WARNING,
          "settings under 'log' are not used, as logback.configurationFile rules; give its appender"
              + " the name 'stderr' and LineEncoder as its encoder, or remove one of the two");
    }
  }

  /// @param opened takes how to close what was opened, the last first
  private static Daemon start(
      Supplier<DaemonConfig> source, DaemonConfig config, Deque<Runnable> opened)
      throws StartException {
    log(config);
    var events = RecentEvents.open();
    opened.push(events::close);
    opened.push(SchedulerWatch.start()::close);
    // Another number for each run, so that a pid of an earlier run means nobody in this one.
    var id = RandomGenerator.getDefault().nextInt(1, 1 << 20);
    var plugins = plugins(config);
    opened.push(plugins::close);
    var node = Node.create(id);
    opened.push(node::close);
    var tls = tls(config);
    var reload = reload(source, config, tls, plugins);
    opened.push(reload::close);
    var root = node.start(SupervisorSpec.oneForOne(List.of()), StartOptions.none()).pidOrThrow();
    node.protect(root);
    var deployment = new Deployment(node, root, plugins, config.plugins().dir());
    opened.push(deployment::close);
    var spans = new SpanCounters();
    var traces = traces(config, Integer.toString(id), plugins, spans);
    opened.push(traces::close);
    var gate = new Gate(node, reload.access(), traces);
    var callers = new Callers();
    var view = new WireView(callers);
    var censuses = new Censuses(node);
    var readiness = new Readiness();
    var metrics =
        new Metrics(
            Version.current(),
            node,
            censuses,
            gate.meters(),
            view::counters,
            spans,
            plugins,
            deployment,
            new Metrics.Health(
                readiness::isReady, () -> Optional.ofNullable(tls).map(Tls::expires)));
    var live =
        new Live(censuses, gate.meters(), view::counters, () -> plugins.loaded().size(), events);
    opened.push(live::close);
    var calls = new Calls(gate, node, callers, callLimits(config));
    var site = Site.of(gate, readiness, calls, new MetricsText(metrics), new LiveView(live));
    var admin = admin(config, tls, gate, site);
    opened.push(admin::close);
    var self = new CompletableFuture<Daemon>();
    var control =
        new DaemonControl(
            config,
            node,
            Integer.toString(id),
            plugins,
            reload,
            view::counters,
            events,
            () -> self.thenAccept(daemon -> daemon.onDrain.run()));
    startOwn(config, node, root, plugins, deployment, control, view);
    report(config, plugins, deployment.startLoaded());
    if (config.plugins().watch()) {
      opened.push(
          PluginWatch.of(config.plugins().dir(), plugins, deployment, config.plugins().probation())
              ::close);
    }
    var wire = serve(config, node, id, gate, tls, view);
    opened.push(wire::close);
    var daemon = new Daemon(config, node, root, wire, admin, reload, readiness, opened);
    self.complete(daemon);
    readiness.running(() -> down(config.criticalProcesses(), node));
    return daemon;
  }

  /// Where clients connect; tells the port that was taken for port 0.
  public InetSocketAddress address() {
    return wire.address();
  }

  /// Where the admin HTTP server listens.
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /// The node, for a program that embeds the daemon.
  public Node node() {
    return node;
  }

  /// Ends in order: no new connections, goodbye to the others, what was read is finished, the
  /// processes are stopped in reverse order within their shutdown times.
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      end();
      closed.countDown();
    } else {
      awaitClosed();
    }
  }

  /// Says how it ends when an operator has it drain: for a program, the program with it.
  void onDrain(Runnable end) {
    onDrain = end;
  }

  /// Reads principals, tokens, TLS files and the configurations of plugins again; what is wrong is
  /// logged, and changes nothing.
  void reload() {
    try {
      reload.all();
    } catch (ReloadException _) {
      // It is in the log, and here nobody waits for it.
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    readiness.ending();
    var drain = config.shutdown().drain();
    LOG.log(Level.INFO, "daemon drains connections={0} grace={1}", wire.connectionCount(), drain);
    var deadline = System.nanoTime() + drain.toNanos();
    var answered = admin.drain(drain);
    if (!wire.drain(drain) || !answered.join() || !node.awaitIdle(deadline - System.nanoTime())) {
      LOG.log(
          Level.WARNING,
          "daemon stops with work unfinished grace={0} processes={1}",
          drain,
          atWork(node));
    }
    node.stop(root, ExitReason.SHUTDOWN, Timeouts.INFINITY);
    opened.forEach(Runnable::run);
    LOG.log(Level.INFO, "daemon stopped");
  }

  /// Those that hold up the end, with what each is at; no more than the first ten.
  private static List<String> atWork(Node node) {
    return node.inspect().stream()
        .filter(process -> process.kind() == ProcessInfo.Kind.SERVER)
        .filter(process -> process.status() != ProcessInfo.Status.IDLE || process.queued() > 0)
        .limit(MOST_TOLD)
        .map(Daemon::told)
        .toList();
  }

  private static String told(ProcessInfo process) {
    var name = process.name().map(known -> known + " ").orElse("");
    return "%s%s %s for %s, %d queued"
        .formatted(
            name,
            process.pid(),
            process.status().name().toLowerCase(Locale.ROOT),
            process.atHand(),
            process.queued());
  }

  /// Those of the processes that do not run, or not yet.
  private static List<String> down(List<String> critical, Node node) {
    return critical.stream().filter(name -> !isUp(name, node)).toList();
  }

  private static boolean isUp(String name, Node node) {
    return node.inspect(ServerRef.named(name))
        .filter(process -> process.status() != ProcessInfo.Status.STARTING)
        .isPresent();
  }

  private static void warnOfTokensInTheClear(DaemonConfig config, WireServer wire) {
    var takesTokens = config.auth().map(Auth::takesTokens).orElse(false);
    if (takesTokens && config.tls().isEmpty() && !wire.address().getAddress().isLoopbackAddress()) {
      LOG.log(
          Level.WARNING,
          "tokens cross the network unencrypted; unless it encrypts by itself, set tls.certificate and tls.key");
    }
  }

  static List<ConfiguredChild> configured(List<ChildConfig> children) {
    return children.stream().map(Daemon::configured).toList();
  }

  private static ConfiguredChild configured(ChildConfig child) {
    return switch (child) {
      case ProcessConfig process ->
          new ConfiguredProcess(
              process.name(),
              process.behaviour(),
              process.args(),
              process.restart(),
              process.maxQueue(),
              process.cpuBound(),
              process.origin());
      case SupervisorConfig supervisor ->
          new ConfiguredSupervisor(
              supervisor.name(),
              supervisor.strategy(),
              supervisor.intensity(),
              supervisor.period(),
              supervisor.restart(),
              configured(supervisor.children()),
              supervisor.origin());
    };
  }

  private static Plugins plugins(DaemonConfig config) throws StartException {
    try {
      return Plugins.load(
          config.plugins().dir(),
          !config.plugins().dirIsDefault(),
          configured(config.processes()),
          configurations(config));
    } catch (UncheckedIOException e) {
      throw new StartException(List.of(String.valueOf(e.getMessage())));
    }
  }

  static PluginConfigurations configurations(DaemonConfig config) {
    return new PluginConfigurations(config.plugins().sections(), System::getenv);
  }

  /// Starts the processes by which the daemon is administered.
  private static void startOwn(
      DaemonConfig config,
      Node node,
      Pid root,
      Plugins plugins,
      Deployment deployment,
      DaemonControl control,
      Wire wire) {
    var maxQueue = config.mailbox().maxQueue();
    Stream.of(
            ChildSpec.named(
                SysProcesses.NAME, () -> new SysProcesses(node, root, plugins, maxQueue, wire)),
            ChildSpec.named(SysNode.NAME, () -> new SysNode(control, wire)),
            ChildSpec.named(SysConnections.NAME, () -> new SysConnections(wire)),
            ChildSpec.named(SysPlugins.NAME, () -> new SysPlugins(plugins, deployment, wire)))
        .forEach(spec -> node.protect(node.supervisor(root).startChild(spec).pidOrThrow()));
  }

  static @Nullable Tls tls(DaemonConfig config) throws StartException {
    if (config.tls().isEmpty()) {
      return null;
    }
    var files = config.tls().get();
    try {
      return Tls.of(
          new TlsFiles(
              files.certificate(),
              files.key(),
              files.clientCa(),
              config.auth().map(Auth::needsCertificate).orElse(false)));
    } catch (TlsException e) {
      throw new StartException(List.of(String.valueOf(e.getMessage())));
    }
  }

  static Traces traces(DaemonConfig config, String instance, Plugins plugins, SpanCounters spans)
      throws StartException {
    try {
      return Traces.of(config.traces(), Version.current(), instance, plugins, spans);
    } catch (TraceException e) {
      throw new StartException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static CallLimits callLimits(DaemonConfig config) {
    return new CallLimits(
        config.frame().maxBytes(), config.call().maxTimeout(), config.call().allowInfinity());
  }

  private static long maxWaiting(DaemonConfig config) {
    return Runtime.getRuntime().maxMemory() / 100 * config.memory().maxWaitingPercent();
  }

  private static AdminServer admin(DaemonConfig config, @Nullable Tls tls, Gate gate, Site site)
      throws StartException {
    var listen = config.admin();
    try {
      return AdminServer.start(
          new InetSocketAddress(listen.host(), listen.port()),
          tls,
          new HttpSettings(
              HTTP_HEAD,
              config.connection().idleTimeout(),
              config.frame().maxBytes(),
              maxWaiting(config) / 2,
              config.frame().timeout(),
              config.connection().slowConsumerGrace()),
          gate,
          site);
    } catch (IOException e) {
      throw new StartException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static Reload reload(
      Supplier<DaemonConfig> source, DaemonConfig config, @Nullable Tls tls, Plugins plugins)
      throws StartException {
    try {
      return new Reload(source, config, tls, next -> plugins.configure(configurations(next)));
    } catch (TokenException e) {
      throw new StartException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static void report(DaemonConfig config, Plugins plugins, List<String> notStarted)
      throws StartException {
    plugins.note().ifPresent(note -> LOG.log(Level.WARNING, note));
    var problems =
        new ArrayList<>(plugins.problems().stream().map(PluginProblem::message).toList());
    problems.addAll(notStarted);
    if (!problems.isEmpty() && config.plugins().onProblem() == OnProblem.REFUSE) {
      throw new StartException(problems);
    }
    problems.forEach(problem -> LOG.log(Level.ERROR, problem));
  }

  private static WireServer serve(
      DaemonConfig config, Node node, int id, Gate gate, @Nullable Tls tls, WireView view)
      throws StartException {
    var listen = config.listen();
    var settings =
        new WireSettings(
            config.frame().maxBytes(),
            config.frame().timeout(),
            config.login().timeout(),
            config.connection().maxInFlight(),
            config.connection().maxMonitors(),
            config.call().maxTimeout(),
            config.call().allowInfinity(),
            config.connection().idleTimeout(),
            config.connection().max(),
            config.connection().maxPerAddress(),
            config.connection().acceptRate(),
            config.connection().maxRequestBytes(),
            config.connection().maxAnswerBytes(),
            maxWaiting(config),
            config.connection().writeHighWater(),
            config.connection().slowConsumerGrace());
    try {
      var wire =
          WireServer.start(
              new InetSocketAddress(listen.host(), listen.port()),
              settings,
              node,
              "genserverd " + Version.current(),
              Integer.toString(id),
              gate,
              tls);
      view.opened(wire);
      warnOfTokensInTheClear(config, wire);
      return wire;
    } catch (IOException e) {
      throw new StartException(List.of(String.valueOf(e.getMessage())));
    }
  }
}
