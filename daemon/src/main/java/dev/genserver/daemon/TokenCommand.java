package dev.genserver.daemon;

import dev.genserver.daemon.access.TokenException;
import dev.genserver.daemon.access.TokenFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `genserverd token`: makes, lists and revokes the tokens by which clients log in.
final class TokenCommand {

  static final String NAME = "token";

  /// EX_DATAERR, EX_CANTCREAT.
  private static final int BAD_DATA = 65;

  private static final int CANNOT_WRITE = 73;

  private TokenCommand() {}

  /// @param create has the options of all commands, as have the other two
  static CommandSpec spec(CommandSpec create, CommandSpec list, CommandSpec revoke) {
    create
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .paramLabel("NAME")
                .type(String.class)
                .required(true)
                .description("The principal that logs in by it.")
                .build())
        .usageMessage()
        .description("Makes a token and prints it. It is not kept: the file has its hash.");
    list.usageMessage().description("Lists the tokens: principal, id, day of making.");
    revoke
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .paramLabel("NAME|ID")
                .type(String.class)
                .required(true)
                .description("The principal whose tokens are all revoked, or the id of one.")
                .build())
        .usageMessage()
        .description(
            "Revokes tokens. A running daemon notices within seconds and closes their connections.");
    var token =
        CommandSpec.create()
            .name(NAME)
            .mixinStandardHelpOptions(true)
            .addSubcommand("create", create)
            .addSubcommand("list", list)
            .addSubcommand("revoke", revoke);
    token
        .usageMessage()
        .description("Makes, lists and revokes the tokens by which clients log in.");
    return token;
  }

  /// Runs it.
  ///
  /// @return the exit code
  static int run(String action, ParseResult parsed, Path path) {
    var file = new TokenFile(path);
    try {
      switch (action) {
        case "create" -> create(file, path, parsed.matchedPositionalValue(0, ""));
        case "list" -> list(file);
        default -> revoke(file, path, parsed.matchedPositionalValue(0, ""));
      }
      return 0;
    } catch (TokenException e) {
      System.err.println(e.getMessage());
      return BAD_DATA;
    } catch (NoSuchFileException e) {
      System.err.printf("token file %s does not exist; 'genserverd token create' makes it%n", path);
      return BAD_DATA;
    } catch (IOException e) {
      System.err.printf("token file %s cannot be read or written: %s%n", path, e);
      return CANNOT_WRITE;
    }
  }

  private static void create(TokenFile file, Path path, String name) throws IOException {
    System.out.println(file.create(name, LocalDate.now(ZoneOffset.UTC)));
    System.err.printf(
        "token of '%s' made; %s keeps its hash, so it is not shown again%n", name, path);
  }

  private static void list(TokenFile file) throws IOException {
    for (var line : file.lines()) {
      System.out.printf("%-32s %-12s %s%n", line.principal(), line.id(), line.created());
    }
  }

  private static void revoke(TokenFile file, Path path, String nameOrId) throws IOException {
    var revoked = file.revoke(nameOrId);
    if (revoked == 0) {
      throw TokenException.unknown(nameOrId, path);
    }
    System.err.printf("%d token%s revoked%n", revoked, revoked == 1 ? "" : "s");
  }
}
