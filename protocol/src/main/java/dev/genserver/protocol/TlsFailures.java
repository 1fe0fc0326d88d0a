package dev.genserver.protocol;

import dev.genserver.protocol.TlsException.Fault;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Words for what the JDK throws when TLS fails.
final class TlsFailures {

  /*
   * The JDK tells the cases apart by the classes of the causes where certificates are concerned, and
   * by texts alone where the peer is. Should a text change, the failure is told in the JDK's words.
   */

  private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

  private static final Pattern NO_TLS =
      Pattern.compile("plaintext connection|nrecognized SSL message|nrecognized record version");

  /// What a daemon says of a certificate that it does not accept; without one, of that too.
  private static final Set<String> ABOUT_CLIENT =
      Set.of(
          "certificate_required",
          "bad_certificate",
          "certificate_unknown",
          "certificate_expired",
          "certificate_revoked",
          "unsupported_certificate",
          "unknown_ca",
          "access_denied");

  /// What becomes of the path to a CA that only has the same name.
  private static final Set<CertPathValidatorException.Reason> OF_ANOTHER_CA =
      Set.of(PKIXReason.NO_TRUST_ANCHOR, BasicReason.INVALID_SIGNATURE);

  private TlsFailures() {}

  static TlsException explain(IOException failure, TlsOptions options, String host) {
    if (failure instanceof TlsException explained) {
      return explained;
    }
    var certificate = cause(failure, CertificateException.class);
    if (certificate != null) {
      var text = aboutCertificate(certificate, options.expectedName(host));
      return new TlsException(Fault.DAEMON, text, failure);
    }
    var message = String.valueOf(failure.getMessage());
    var alert = ALERT.matcher(message);
    if (alert.find()) {
      return aboutAlert(alert.group(1), options, failure);
    }
    if (NO_TLS.matcher(message).find()) {
      return new TlsException(
          Fault.DAEMON,
          "what answers there does not speak TLS; if the daemon has none, connect to tcp://host:port",
          failure);
    }
    if (!(failure instanceof SSLException)) {
      return new TlsException(
          Fault.DAEMON,
          "the connection was closed before TLS was agreed on (%s); is it a daemon that speaks TLS?"
              .formatted(message),
          failure);
    }
    return new TlsException(Fault.DAEMON, "TLS failed: " + message, failure);
  }

  private static String aboutCertificate(CertificateException problem, String name) {
    var expired = cause(problem, CertificateExpiredException.class);
    if (expired != null) {
      return "the daemon's certificate has expired (%s); it must be renewed"
          .formatted(expired.getMessage());
    }
    var early = cause(problem, CertificateNotYetValidException.class);
    if (early != null) {
      return "the daemon's certificate is not valid yet (%s); look at the clock of this machine"
          .formatted(early.getMessage());
    }
    var path = cause(problem, CertPathValidatorException.class);
    if (cause(problem, CertPathBuilderException.class) != null
        || (path != null && OF_ANOTHER_CA.contains(path.getReason()))) {
      return "the daemon's certificate is not signed by a CA that is trusted here; give the daemon's"
          + " CA file, if you know it to be the daemon's";
    }
    // Subclasses tell of the path to the CA, this class itself of the name.
    if (problem.getClass() == CertificateException.class) {
      return "the daemon's certificate is not for '%s' (%s); connect by a name that it is for, or give that as the server name"
          .formatted(name, problem.getMessage());
    }
    return "the daemon's certificate is not accepted: " + problem.getMessage();
  }

  private static TlsException aboutAlert(String alert, TlsOptions options, IOException failure) {
    if (alert.equals("handshake_failure") && options.certificate() == null) {
      return new TlsException(
          Fault.CLIENT,
          "the daemon ended the TLS handshake (handshake_failure), most likely because it wants a client certificate; give one, and its key",
          failure);
    }
    if (!ABOUT_CLIENT.contains(alert)) {
      return new TlsException(
          Fault.DAEMON, "the daemon ended the TLS handshake (" + alert + ")", failure);
    }
    return new TlsException(
        Fault.CLIENT,
        options.certificate() == null
            ? "the daemon wants a client certificate; give one, and its key"
            : "the daemon does not accept the client certificate %s (%s); one signed by its client CA, and valid now, is needed"
                .formatted(options.certificate(), alert),
        failure);
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 10; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      depth++;
    }
    return null;
  }
}
