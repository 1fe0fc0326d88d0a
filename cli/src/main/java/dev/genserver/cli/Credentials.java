package dev.genserver.cli;

import org.jspecify.annotations.Nullable;

/// What the options say of TLS and of login, each null where the environment decides.
///
/// @param context the name of the context that says the rest
/// @param tokenFile the file that holds the token
/// @param ca the CA file
/// @param certificate the client certificate
/// @param key its key
/// @param serverName whom the daemon's certificate must be for
record Credentials(
    @Nullable String context,
    @Nullable String tokenFile,
    @Nullable String ca,
    @Nullable String certificate,
    @Nullable String key,
    @Nullable String serverName) {

  static final String CONTEXT = "--context";
  static final String TOKEN_FILE = "--token-file";
  static final String CA = "--ca";
  static final String CERTIFICATE = "--cert";
  static final String KEY = "--key";
  static final String SERVER_NAME = "--server-name";

  /// The environment decides it all.
  static final Credentials NONE = ofContext(null);

  /// A context decides it all; the environment, if it is null.
  static Credentials ofContext(@Nullable String context) {
    return new Credentials(context, null, null, null, null, null);
  }
}
