package dev.genserver.daemon.http;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Keeps pages of others out: what a browser sends on behalf of a page that did not come from here
/// is refused. Whoever uses no browser notices nothing.
///
/// A page of somebody else can have a browser send requests here: `Origin` and `Sec-Fetch-Site`,
/// which it cannot forge, tell of it. It could also have its own name lead here, so that the
/// browser takes both for one site (DNS rebinding). Where a login is required that page has none to
/// show; where none is, a browser has to name this daemon by an address or as localhost, which
/// nobody else can own.
final class Browsers {

  /// Of these every browser sends some with each request, and others rarely any.
  private static final List<String> SIGNS =
      List.of("origin", "sec-fetch-site", "accept-language", "upgrade-insecure-requests", "cookie");

  private static final Pattern OWN_HOST =
      Pattern.compile(
          "(localhost|[a-z0-9.-]+\\.localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+])(:\\d+)?");

  private Browsers() {}

  /// Why a request is not taken; empty if it is.
  ///
  /// @param page whether it is for a page that is the same for everybody, to which others may link
  static Optional<WireError> refusal(Head head, boolean page, boolean loginRequired) {
    var link = page && head.header("sec-fetch-mode").filter("navigate"::equals).isPresent();
    if (!link && isFromElsewhere(head)) {
      return refuse("a page of another site has sent this; only pages of this daemon may");
    }
    if (!loginRequired && isBrowser(head) && !isOwnHost(head)) {
      return refuse(
          "where nobody has to log in, browsers must name the daemon by its address or as localhost;"
              + " open it so, or have people log in (auth)");
    }
    return Optional.empty();
  }

  private static boolean isFromElsewhere(Head head) {
    var site = head.header("sec-fetch-site");
    if (site.isPresent() && !site.get().equals("same-origin") && !site.get().equals("none")) {
      return true;
    }
    var origin = head.header("origin");
    return origin.isPresent()
        && !authority(origin.get()).equals(head.header("host").map(Browsers::lowerCase));
  }

  /// `example.org:8080` of `http://example.org:8080`.
  private static Optional<String> authority(String origin) {
    var start = origin.indexOf("://");
    return start < 0 ? Optional.empty() : Optional.of(lowerCase(origin.substring(start + 3)));
  }

  private static boolean isBrowser(Head head) {
    return SIGNS.stream().anyMatch(sign -> head.header(sign).isPresent())
        || head.header("user-agent").filter(agent -> agent.startsWith("Mozilla/")).isPresent();
  }

  private static boolean isOwnHost(Head head) {
    return head.header("host")
        .filter(host -> OWN_HOST.matcher(lowerCase(host)).matches())
        .isPresent();
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static Optional<WireError> refuse(String message) {
    return Optional.of(WireError.refused(ErrorCode.FORBIDDEN, message));
  }
}
