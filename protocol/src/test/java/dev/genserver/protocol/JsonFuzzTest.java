package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Random text, valid and not. `-Dseed=17` runs one seed alone.
class JsonFuzzTest {

  private static final int ROUNDS = 300;

  private static final JsonMapper JACKSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonMapper EXACT =
      JACKSON.rebuild().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  static LongStream seeds() {
    var seed = System.getProperty("seed", "");
    return seed.matches("-?\\d+") ? LongStream.of(Long.parseLong(seed)) : LongStream.range(0, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theScannerAndJacksonAgreeOnWhatIsValid(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      var document = new StringBuilder();
      append(document, random, 0);
      byte[] text = document.toString().getBytes(UTF_8);
      byte[] bytes = random.nextInt(3) == 0 ? text : mutate(text, random);

      assertThat(isValid(bytes))
          .as(() -> new String(bytes, UTF_8))
          .isEqualTo(jacksonTakes(bytes) && !hasHalfPair(bytes));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void valuesSurviveReadingAndWriting(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      var document = new StringBuilder();
      append(document, random, 0);
      var json = RawJson.of(document.toString());

      var written = new JsonWriter(16).value(json.toValue());

      assertThat(tree(written.toString())).isEqualTo(tree(json.toString()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aMutatedFrameIsDecodedOrRefusedAndNothingElse(long seed) throws IOException {
    var random = new Random(seed);
    var frames = goldenFrames();
    for (int round = 0; round < 10 * ROUNDS; round++) {
      byte[] bytes = mutate(frames.get(random.nextInt(frames.size())), random);
      try {
        var out = new JsonWriter();
        ClientMessages.decode(bytes, 0, bytes.length).writeTo(out);
        ServerMessages.decode(bytes, 0, bytes.length).writeTo(out);
      } catch (BadRequestException e) {
        assertThat(e.error().message()).isNotBlank();
      }
    }
  }

  private static boolean isValid(byte[] bytes) {
    try {
      RawJson.of(bytes, 0, bytes.length);
      return true;
    } catch (MalformedJsonException e) {
      return false;
    }
  }

  private static boolean jacksonTakes(byte[] bytes) {
    try {
      // By way of a string: from bytes Jackson would guess other encodings than UTF-8.
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !JACKSON.readTree(text).isMissingNode();
    } catch (CharacterCodingException | JacksonException e) {
      return false;
    }
  }

  private static JsonNode tree(String text) {
    return EXACT.readTree(text);
  }

  /// Jackson lets an escaped half of a surrogate pair pass, the protocol does not.
  private static boolean hasHalfPair(byte[] bytes) {
    return allText(JACKSON.readTree(new String(bytes, UTF_8)))
        .codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /// Every key and string, kept apart by spaces.
  private static String allText(JsonNode node) {
    var text = new StringBuilder();
    if (node.isString()) {
      text.append(node.stringValue()).append(' ');
    }
    node.propertyStream()
        .forEach(
            field -> text.append(field.getKey()).append(' ').append(allText(field.getValue())));
    if (node.isArray()) {
      node.valueStream().forEach(item -> text.append(allText(item)));
    }
    return text.toString();
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int changes = random.nextInt(4); changes >= 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "{}[]\",:\\u0019.eE+- tfn\n".charAt(random.nextInt(23));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> {
          // Doubles a stretch.
          int count = random.nextInt(bytes.length - at);
          byte[] longer = Arrays.copyOf(bytes, bytes.length + count);
          System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
          bytes = longer;
        }
        default -> {
          // Takes one byte out.
          System.arraycopy(bytes, at + 1, bytes, at, bytes.length - at - 1);
          bytes = Arrays.copyOf(bytes, bytes.length - 1);
        }
      }
    }
    return bytes;
  }

  private static void append(StringBuilder out, Random random, int depth) {
    int kind = random.nextInt(depth > 4 ? 4 : 6);
    switch (kind) {
      case 0 -> out.append(List.of("true", "false", "null").get(random.nextInt(3)));
      case 1, 2 -> appendNumber(out, random);
      case 3 -> appendString(out, random);
      case 4 -> {
        out.append('[');
        for (int i = 0, count = random.nextInt(4); i < count; i++) {
          out.append(i > 0 ? "," : "").append(" ".repeat(random.nextInt(2)));
          append(out, random, depth + 1);
        }
        out.append(']');
      }
      default -> {
        out.append('{');
        for (int i = 0, count = random.nextInt(random.nextInt(20) == 0 ? 40 : 4); i < count; i++) {
          out.append(i > 0 ? ",\n" : "").append("\"").append(i).append("k\" :");
          append(out, random, depth + 1);
        }
        out.append('}');
      }
    }
  }

  private static void appendNumber(StringBuilder out, Random random) {
    out.append(
        switch (random.nextInt(4)) {
          case 0 -> Long.toString(random.nextLong());
          case 1 -> Double.toString(random.nextGaussian() * 1e9);
          case 2 -> random.nextLong() + "" + random.nextInt(1 << 30);
          default -> Integer.toString(random.nextInt(100) - 50);
        });
  }

  private static void appendString(StringBuilder out, Random random) {
    var pieces =
        List.of(
            "a",
            "Z",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u00e9",
            "\\ud83d\\ude00",
            "é",
            "☃",
            "😀",
            " ");
    out.append('"');
    for (int i = 0, count = random.nextInt(12); i < count; i++) {
      out.append(pieces.get(random.nextInt(pieces.size())));
    }
    out.append('"');
  }

  private static List<byte[]> goldenFrames() throws IOException {
    try (var files = Files.list(Path.of("src/golden"))) {
      var frames = new ArrayList<byte[]>();
      for (var file : files.filter(file -> file.toString().endsWith(".frame")).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        frames.add(Arrays.copyOfRange(bytes, Math.min(4, bytes.length), bytes.length));
      }
      return frames;
    }
  }
}
