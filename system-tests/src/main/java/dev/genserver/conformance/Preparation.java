package dev.genserver.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a daemon of some [Setup] needs before it can be started.
///
/// @param flags what it is started with
/// @param tokens by principal; the suite logs in by that of `operator`, if there is one
/// @param ca who has signed its certificate, if it speaks TLS
record Preparation(List<String> flags, Map<String, String> tokens, Optional<Path> ca) {

  private static final String PRINCIPALS =
      """
      auth: token
      principals:
      - name: operator
        call: ['*']
        cast: ['*']
        monitor: ['*']
        admin: true
      - name: guest
        call: ['conformance.*']
        cast: [noticeboard]
        monitor: []
      """;

  /// Makes tokens and certificates with the daemon's own commands.
  ///
  /// @param folder where they go; it must be empty
  static Preparation of(Setup setup, Path home, Path folder)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    return switch (setup) {
      case GUARDED -> guarded(setup, home, folder);
      case ENCRYPTED -> encrypted(home, folder);
      case ANY, TIGHT, IMPATIENT, PATIENT, CROWDED, ENDING, ENDING_SOON ->
          new Preparation(setup.flags(), Map.of(), Optional.empty());
    };
  }

  private static Preparation guarded(Setup setup, Path home, Path folder)
      throws IOException, InterruptedException {
    var file = "--tokens-file=" + folder.resolve("tokens");
    var tokens = new HashMap<String, String>();
    for (var name : List.of("operator", "guest")) {
      tokens.put(name, genserverd(home, "token", "create", name, file).strip());
    }
    var config = Files.writeString(folder.resolve("genserverd.yaml"), PRINCIPALS);
    var flags = new ArrayList<>(setup.flags());
    flags.addAll(List.of(file, "--config=" + config));
    return new Preparation(flags, tokens, Optional.empty());
  }

  private static Preparation encrypted(Path home, Path folder)
      throws IOException, InterruptedException {
    genserverd(home, "tls", "self-signed", folder.toString());
    return new Preparation(
        List.of(
            "--tls-certificate=" + folder.resolve("server.crt"),
            "--tls-key=" + folder.resolve("server.key")),
        Map.of(),
        Optional.of(folder.resolve("ca.crt")));
  }

  private static String genserverd(Path home, String... arguments)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of(DaemonProgram.JAVA, "-jar", DaemonProgram.jar(home).toString()));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("genserverd %s failed".formatted(String.join(" ", arguments)));
    }
    return output;
  }
}
