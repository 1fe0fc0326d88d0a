package dev.genserver.cli;

import dev.genserver.protocol.TlsOptions;
import dev.genserver.protocol.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the daemon is and how to get in, as the options say, else the environment, else a context.
///
/// @param tls null for a connection without
/// @param token null for no login
record Access(Address address, @Nullable TlsOptions tls, @Nullable String token) {

  static final String TOKEN = "GENSERVER_TOKEN";

  /// @throws CliException if what they say makes no sense, or the token cannot be read
  static Access of(Command.Options options, Shell surroundings) {
    var shell = Contexts.applied(options, surroundings);
    var address = Address.of(options, shell);
    var tls = tls(options, shell);
    if (tls != null && address.isTcp()) {
      throw CliException.usage(
          "'%s' is without TLS, but a CA file, certificate, key or server name is given; write tls:// or leave them out, in the environment too"
              .formatted(address));
    }
    if (tls == null && address.isTls()) {
      tls = TlsOptions.defaults();
    }
    return new Access(tls == null ? address : address.withTls(), tls, token(options, shell));
  }

  private static @Nullable TlsOptions tls(Command.Options options, Shell shell) {
    var given = options.credentials();
    var ca = shell.or(given.ca(), "GENSERVER_CA");
    var certificate = shell.or(given.certificate(), "GENSERVER_CERT");
    var key = shell.or(given.key(), "GENSERVER_KEY");
    var serverName = shell.or(given.serverName(), "GENSERVER_SERVER_NAME");
    if (ca == null && certificate == null && key == null && serverName == null) {
      return null;
    }
    if ((certificate == null) != (key == null)) {
      throw CliException.usage(
          "a client certificate and its key belong together; give both --cert and --key, or none");
    }
    if (key != null) {
      warnIfReadableByAll("key", Path.of(key), options, shell);
    }
    return new TlsOptions(path(ca), path(certificate), path(key), serverName);
  }

  private static @Nullable Path path(@Nullable String name) {
    return name == null ? null : Path.of(name);
  }

  private static @Nullable String token(Command.Options options, Shell shell) {
    var given = options.credentials();
    var token = given.tokenFile() == null ? shell.variable(TOKEN) : null;
    if (token != null) {
      if (!TokenFile.isToken(token)) {
        throw CliException.usage(TOKEN + " is no token; it must be one word");
      }
      return token;
    }
    var name = shell.or(given.tokenFile(), "GENSERVER_TOKEN_FILE");
    return name == null ? null : tokenOf(Path.of(name), options, shell);
  }

  private static String tokenOf(Path file, Command.Options options, Shell shell) {
    try {
      var token = TokenFile.read(file);
      warnIfReadableByAll("token", file, options, shell);
      return token;
    } catch (IOException e) {
      throw new CliException(CliException.NO_INPUT, String.valueOf(e.getMessage()), e);
    }
  }

  private static void warnIfReadableByAll(
      String what, Path file, Command.Options options, Shell shell) {
    if (!options.quiet() && TokenFile.isReadableByAll(file)) {
      shell
          .err()
          .printf(
              "warning: all users of this machine can read the %s file %s; mend that by 'chmod 600"
                  + " %s'%n",
              what, file, file);
    }
  }

  /// The token is a secret, so it is left out.
  @Override
  public String toString() {
    return "Access[address=%s, tls=%s]".formatted(address, tls);
  }
}
