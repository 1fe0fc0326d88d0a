package dev.genserver.daemon.http;

import dev.genserver.daemon.access.Login.Granted;
import dev.genserver.daemon.access.Login.Refused;
import dev.genserver.daemon.access.Principal;
import dev.genserver.daemon.http.Route.Entry;
import dev.genserver.daemon.request.Gate;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All that is answered over HTTP, and to whom. Thread-safe.
public final class Site implements Endpoint {

  private final Gate gate;
  private final Doorkeeper doorkeeper;
  private final Readiness readiness;
  private final Health health;
  private final List<Route> routes;
  private final AtomicLong forbidden = new AtomicLong();

  private Site(Gate gate, Readiness readiness, List<Route> routes) {
    this.gate = gate;
    this.doorkeeper = new Doorkeeper(gate);
    this.readiness = readiness;
    this.health = new Health(readiness);
    this.routes = List.copyOf(routes);
  }

  /// The site of a daemon.
  ///
  /// @param calls what is sent to processes
  /// @param metrics what `/metrics` tells
  /// @param live what `/v1/live` shows
  public static Site of(
      Gate gate, Readiness readiness, Calls calls, Metrics metrics, LiveStream live) {
    var routes = new ArrayList<Route>();
    var pages = new Pages();
    routes.add(new Route("/", "GET", Entry.ANYBODY, pages::dashboard));
    routes.add(new Route("/dashboard/{file}", "GET", Entry.ANYBODY, pages::dashboardFile));
    routes.add(new Route("/v1/", "GET", Entry.ANYBODY, pages::guide));
    for (var file : List.of("openapi.json", "api.css")) {
      routes.add(new Route("/v1/" + file, "GET", Entry.ANYBODY, pages.guideFile(file)));
    }
    routes.add(new Route("/v1/call/{name}", "POST", Entry.CALLER, calls::call));
    routes.add(new Route("/v1/cast/{name}", "POST", Entry.CALLER, calls::cast));
    routes.add(new Route("/metrics", "GET", Entry.LOGGED_IN, new MetricsPage(gate, metrics)));
    routes.add(new Route("/v1/live", "GET", Entry.ADMINISTRATOR, _ -> new Answer.Events(live)));
    return new Site(gate, readiness, routes);
  }

  /// What is answered besides health.
  List<Route> routes() {
    return routes;
  }

  @Override
  public Reception receive(Head head) {
    var answer = health.answer(head);
    if (answer.isPresent()) {
      return Reception.now(answer.get());
    }
    var path = head.path();
    var there = routes.stream().filter(route -> route.match(path).isPresent()).toList();
    for (var route : there) {
      if (route.methods().contains(head.method())) {
        return enter(route, route.match(path).orElseThrow(), head);
      }
    }
    return Reception.now(there.isEmpty() ? notFound(path) : notAllowed(there, head.method()));
  }

  /// Whether all is well is told to everybody, so also to a health check that knows nothing of TLS.
  @Override
  public Reception receiveInTheClear(Head head) {
    return health
        .answer(head)
        .<Reception>map(Reception::now)
        .orElseGet(() -> Endpoint.super.receiveInTheClear(head));
  }

  private Reception enter(Route route, String rest, Head head) {
    var forAnybody = route.entry() == Entry.ANYBODY;
    var refused = Browsers.refusal(head, forAnybody, doorkeeper.loginRequired());
    if (refused.isPresent()) {
      return Reception.now(Answer.failure(refused.get()));
    }
    if (forAnybody) {
      return accept(route, rest, Optional.empty());
    }
    return switch (doorkeeper.login(head)) {
      case Refused(String reason) ->
          doorkeeper.refuse(head, new Guest(head, Optional.empty(), forbidden), reason);
      case Granted(Principal principal) -> {
        var error = refusal(route, new Guest(head, Optional.of(principal), forbidden));
        yield error == null
            ? accept(route, rest, Optional.of(principal))
            : Reception.now(Answer.failure(error));
      }
    };
  }

  private @Nullable WireError refusal(Route route, Guest guest) {
    return switch (route.entry()) {
      case ANYBODY, LOGGED_IN -> null;
      case ADMINISTRATOR -> gate.adminRefusal(guest, route.path());
      case CALLER ->
          readiness
              .closed()
              .map(why -> WireError.refused(ErrorCode.UNAVAILABLE, why + "; ask again, or another"))
              .orElse(null);
    };
  }

  private Reception accept(Route route, String rest, Optional<Principal> principal) {
    return new Reception.Accepted(request ->
        route
            .handler()
            .answer(new Visit(request, rest, new Guest(request.head(), principal, forbidden))));
  }

  private Answer.Whole notFound(String path) {
    var known = routes.stream().map(Route::path).collect(Collectors.joining(", "));
    return Answer.failure(
        WireError.refused(
            ErrorCode.UNKNOWN_OP,
            "there is no '%s' here; there are %s, %s, %s"
                .formatted(shown(path), Health.ALIVE, Health.READY, known)));
  }

  private static Answer.Whole notAllowed(List<Route> there, String method) {
    var allowed =
        there.stream()
            .flatMap(route -> route.methods().stream())
            .distinct()
            .collect(Collectors.joining(", "));
    return Answer.failure(
            Status.METHOD_NOT_ALLOWED,
            WireError.refused(
                ErrorCode.UNKNOWN_OP,
                "%s is not done here; use %s".formatted(shown(method), allowed)))
        .with("allow", allowed);
  }

  private static String shown(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + '…';
  }
}
