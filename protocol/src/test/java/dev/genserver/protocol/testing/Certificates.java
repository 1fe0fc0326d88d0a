package dev.genserver.protocol.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The certificates of a test, made by the JDK's `keytool` and written as PEM files to a folder.
public final class Certificates {

  /// How `keytool` names the hosts that tests connect to.
  public static final String LOOPBACK = "san=dns:localhost,ip:127.0.0.1,ip:::1";

  private static final String PASSWORD = "of a test";

  private final Path folder;
  private final Path store;

  /// @param folder a test's own
  public Certificates(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("keytool.p12");
  }

  /// A certificate with its key, and the same as PEM files.
  ///
  /// @param store holds nothing else
  public record Identity(KeyStore store, Path certificate, Path key) {

    /// A server's side of TLS: shows this certificate, takes those that the `trusted` have signed.
    public SSLContext context(Identity... trusted) throws GeneralSecurityException, IOException {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      var authorities = empty();
      for (var authority : trusted) {
        var name = authority.store.aliases().nextElement();
        authorities.setCertificateEntry(name, authority.store.getCertificate(name));
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    }
  }

  /// A certificate authority.
  public Identity authority(String name) throws Exception {
    return make(name, "-keyalg", "EC", "-ext", "bc:critical=ca:true");
  }

  /// A certificate for the hosts that tests connect to.
  public Identity server(String name, String authority) throws Exception {
    return issue(name, authority, "-keyalg", "EC", "-ext", LOOPBACK);
  }

  /// A certificate that an authority has signed; `options` are `keytool`'s.
  public Identity issue(String name, String authority, String... options) throws Exception {
    var all = new ArrayList<>(List.of("-signer", authority));
    all.addAll(List.of(options));
    return make(name, all.toArray(String[]::new));
  }

  private Identity make(String name, String... options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")); // for a fast start
    command.addAll(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(options));
    if (command.contains("RSA")) {
      command.addAll(List.of("-keysize", "2048")); // the default takes seconds
    }
    var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new AssertionError("keytool failed: " + output);
    }
    return read(name);
  }

  private Identity read(String name) throws Exception {
    var all = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    var key = all.getKey(name, PASSWORD.toCharArray());
    var chain = all.getCertificateChain(name);
    var own = empty();
    own.setKeyEntry(name, key, PASSWORD.toCharArray(), chain);
    var pem = pem("CERTIFICATE", chain[0].getEncoded());
    return new Identity(own, write(name + ".crt", pem), write(name + ".key", pem(key)));
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String pem(Key key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /// A PEM block.
  public static String pem(String label, byte[] bytes) {
    var body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, body);
  }
}
