package dev.genserver.daemon.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.genserver.protocol.JsonWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/// Writes each event as a JSON object in a line of its own. Thread-safe.
///
/// ```
/// {"time":"2026-11-29T12:00:00.123Z","level":"WARN","logger":"dev.genserver.runtime.Supervision",
///  "thread":"process","text":"process restarted child=counter …","fields":{"child":"counter",…},
///  "exception":"java.lang.…: …\n\tat …"}
/// ```
final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public byte[] encode(ILoggingEvent event) {
    var json =
        new JsonWriter()
            .beginObject()
            .field("time")
            .string(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
            .field("level")
            .string(event.getLevel().toString())
            .field("logger")
            .string(event.getLoggerName())
            .field("thread")
            .string(event.getThreadName())
            .field("text")
            .string(String.valueOf(event.getFormattedMessage()));
    var traceId = event.getMDCPropertyMap().get(PlatformLogger.TRACE_ID);
    if (traceId != null) {
      json.field(PlatformLogger.TRACE_ID).string(traceId);
    }
    var keys = event.getKeyValuePairs();
    if (keys != null && !keys.isEmpty()) {
      json.field("fields").beginObject();
      keys.forEach(each -> json.field(each.key).value(each.value));
      json.endObject();
    }
    if (event.getThrowableProxy() != null) {
      json.field("exception").string(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    json.endObject().endLine(0);
    return Arrays.copyOf(json.array(), json.length());
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
