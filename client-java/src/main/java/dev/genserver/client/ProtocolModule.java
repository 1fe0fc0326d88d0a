package dev.genserver.client;

import dev.genserver.protocol.RawJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// What the protocol writes otherwise than Jackson: raw JSON as it is, durations in milliseconds.
final class ProtocolModule extends SimpleModule {

  private static final long serialVersionUID = 1;

  ProtocolModule() {
    super("genserver");
    addSerializer(new RawSerializer());
    addDeserializer(RawJson.class, new RawDeserializer());
    addSerializer(new DurationSerializer());
    addDeserializer(Duration.class, new DurationDeserializer());
  }

  private static final class RawSerializer extends StdSerializer<RawJson> {

    RawSerializer() {
      super(RawJson.class);
    }

    @Override
    public void serialize(RawJson value, JsonGenerator out, SerializationContext context) {
      out.writeRawValue(value.toString());
    }
  }

  private static final class RawDeserializer extends StdDeserializer<RawJson> {

    RawDeserializer() {
      super(RawJson.class);
    }

    @Override
    public RawJson deserialize(JsonParser in, DeserializationContext context) {
      return RawJson.of(context.readTree(in).toString());
    }

    @Override
    public RawJson getNullValue(DeserializationContext context) {
      return RawJson.NULL;
    }
  }

  private static final class DurationSerializer extends StdSerializer<Duration> {

    DurationSerializer() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializationContext context) {
      out.writeNumber(
          BigDecimal.valueOf(value.getSeconds())
              .movePointRight(3)
              .add(BigDecimal.valueOf(value.getNano(), 6))
              .stripTrailingZeros()
              .toPlainString());
    }
  }

  private static final class DurationDeserializer extends StdDeserializer<Duration> {

    DurationDeserializer() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT
          && in.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
        return (Duration)
            context.handleWeirdStringValue(
                Duration.class, in.getString(), "a number of milliseconds was expected");
      }
      var nanos = in.getDecimalValue().movePointRight(6).toBigInteger();
      var parts = nanos.divideAndRemainder(BigInteger.valueOf(1_000_000_000));
      return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
    }
  }
}
