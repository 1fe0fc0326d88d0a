package dev.genserver.daemon.log;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Locale;

/// Writes events in the format of the daemon's log, text where nobody says. For Logback's
/// configuration, which makes it: `<encoder
/// class="dev.genserver.daemon.log.LineEncoder"><format>json</format></encoder>`. Thread-safe.
public final class LineEncoder extends PatternLayoutEncoder {

  // What stands in a message may come from a client: it must not look like an event of its own, nor
  // command the terminal.
  private static final String TEXT =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} "
          + "%replace(%replace(%msg){'\\s*[\\r\\n]+\\s*', ' | '}){'[\\x00-\\x08\\x0b-\\x1f\\x7f]', '?'}%n";

  private final JsonLines json = new JsonLines();
  private volatile LogFormat format = LogFormat.TEXT;

  /// Writes text.
  public LineEncoder() {
    setPattern(TEXT);
  }

  /// Sets the format, `text` or `json`.
  public void setFormat(String name) {
    use(LogFormat.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  void use(LogFormat next) {
    format = next;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return switch (format) {
      case TEXT -> super.encode(event);
      case JSON -> json.encode(event);
    };
  }
}
