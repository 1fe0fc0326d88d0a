package dev.genserver.daemon;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `genserverd tls`: makes certificates to develop with.
final class TlsCommand {

  static final String NAME = "tls";

  /// EX_CANTCREAT.
  private static final int CANNOT_WRITE = 73;

  private static final String HOST = "--host";
  private static final String CLIENT = "--client";

  private TlsCommand() {}

  static CommandSpec spec() {
    var selfSigned =
        CommandSpec.create()
            .name("self-signed")
            .mixinStandardHelpOptions(true)
            .addPositional(
                PositionalParamSpec.builder()
                    .index("0")
                    .paramLabel("DIR")
                    .type(Path.class)
                    .required(true)
                    .description("The folder to put them into; made if it is not there.")
                    .build())
            .addOption(
                OptionSpec.builder(HOST)
                    .paramLabel("NAME")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .description(
                        "A host name or address by which clients reach the daemon, besides localhost,"
                            + " 127.0.0.1 and ::1; may be said again.")
                    .build())
            .addOption(
                OptionSpec.builder(CLIENT)
                    .paramLabel("NAME")
                    .type(String.class)
                    .defaultValue("client")
                    .description("The principal of the client certificate. Default: client.")
                    .build());
    selfSigned
        .usageMessage()
        .description(
            "Makes a certificate authority, a certificate for the daemon and one for a client, to"
                + " develop with.");
    var tls =
        CommandSpec.create()
            .name(NAME)
            .mixinStandardHelpOptions(true)
            .addSubcommand("self-signed", selfSigned);
    tls.usageMessage().description("Makes certificates to develop with.");
    return tls;
  }

  /// Runs it.
  ///
  /// @return the exit code
  static int run(ParseResult parsed) {
    Path folder = parsed.matchedPositionalValue(0, Path.of("."));
    try {
      DevelopmentCertificates.make(
              folder,
              parsed.matchedOptionValue(HOST, List.of()),
              parsed.matchedOptionValue(CLIENT, "client"))
          .forEach(System.out::println);
      System.err.printf(
          "start with: genserverd --tls-certificate %1$s --tls-key %2$s%n"
              + "call with: genserver call NAME MESSAGE --url tls://localhost:6470 --ca %3$s%n",
          folder.resolve("server.crt"), folder.resolve("server.key"), folder.resolve("ca.crt"));
      return 0;
    } catch (FileAlreadyExistsException e) {
      System.err.printf("%s is there already; remove it, or name another folder%n", e.getFile());
    } catch (IOException e) {
      System.err.printf("no certificates made in %s: %s%n", folder, e.getMessage());
    }
    return CANNOT_WRITE;
  }
}
