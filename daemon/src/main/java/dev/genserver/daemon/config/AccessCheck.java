package dev.genserver.daemon.config;

import dev.genserver.daemon.access.Auth;
import java.util.List;

/// Whether the settings of login and TLS fit each other.
final class AccessCheck {

  private final Settings settings;
  private final List<String> problems;

  private AccessCheck(Settings settings, List<String> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  static void check(Settings settings, List<String> problems) {
    var check = new AccessCheck(settings, problems);
    check.auth(settings.get(ConfigKey.AUTH).orElse(Auth.NONE));
    check.tls();
  }

  private void auth(Auth auth) {
    if (auth.takesTokens()
        && settings.isDefault(ConfigKey.TOKENS_FILE)
        && settings.isDefault(ConfigKey.TOKENS_DIR)) {
      problem(
          ConfigKey.AUTH,
          "asks for tokens, and there are none: name a file with 'tokens.file' ('genserverd token"
              + " create NAME --tokens-file FILE' makes it), or a folder of secrets with"
              + " 'tokens.dir'");
    }
    if (auth.takesCertificates() && settings.isDefault(ConfigKey.TLS_CLIENT_CA)) {
      problem(
          ConfigKey.AUTH,
          "asks for client certificates; name the CA that signs them with 'tls.client-ca'");
    }
  }

  private void tls() {
    var certificate = !settings.isDefault(ConfigKey.TLS_CERTIFICATE);
    var key = !settings.isDefault(ConfigKey.TLS_KEY);
    if (certificate != key) {
      problem(
          certificate ? ConfigKey.TLS_CERTIFICATE : ConfigKey.TLS_KEY,
          "needs '%s' beside it".formatted(certificate ? "tls.key" : "tls.certificate"));
    }
    if (!settings.isDefault(ConfigKey.TLS_CLIENT_CA) && !certificate && !key) {
      problem(
          ConfigKey.TLS_CLIENT_CA,
          "needs TLS: name the daemon's own certificate with 'tls.certificate' and 'tls.key'"
              + " ('genserverd tls self-signed DIR' makes some to try)");
    }
  }

  private void problem(ConfigKey<?> key, String what) {
    problems.add("config '%s' (%s) %s".formatted(key.name(), settings.origin(key), what));
  }
}
