package dev.genserver.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/// Makes a certificate authority of one's own, a certificate for the daemon and one for a client:
/// good to try TLS and to develop with, not for production.
///
/// They are made by the JVM's own `keytool`. A library for it (Bouncy Castle) would be eight
/// megabytes in every image, for this command alone.
final class DevelopmentCertificates {

  private static final String PASSWORD_VARIABLE = "KEYSTORE_PASSWORD";
  private static final String CA_DAYS = "3650";
  private static final String DAYS = "825";

  private final Path folder;
  private final Path store;
  private final String password = UUID.randomUUID().toString();

  private DevelopmentCertificates(Path folder, Path store) {
    this.folder = folder;
    this.store = store;
  }

  /// Makes `ca.crt`, `ca.key`, `server.crt`, `server.key`, `client.crt` and `client.key`. The keys
  /// are for their owner's eyes.
  ///
  /// @param folder is made if it is not there
  /// @param hosts names and addresses by which clients reach the daemon, besides `localhost`
  /// @param client the common name of the client's certificate, by which the daemon knows it
  /// @return the files
  /// @throws FileAlreadyExistsException if one of them is there
  static List<Path> make(Path folder, List<String> hosts, String client) throws IOException {
    Files.createDirectories(folder);
    for (var name : List.of("ca", "server", "client")) {
      for (var file : List.of(name + ".crt", name + ".key")) {
        if (Files.exists(folder.resolve(file))) {
          throw new FileAlreadyExistsException(folder.resolve(file).toString());
        }
      }
    }
    var work = Files.createTempDirectory("genserverd-tls");
    var store = work.resolve("keys.p12");
    try {
      return new DevelopmentCertificates(folder, store).make(hosts, client);
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates could not be read back: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(store);
      Files.delete(work);
    }
  }

  private List<Path> make(List<String> hosts, String client)
      throws IOException, GeneralSecurityException {
    keytool(
        "ca",
        "CN=genserverd development CA",
        CA_DAYS,
        List.of(
            "-ext", "bc:critical=ca:true,pathlen:0", "-ext", "ku:critical=keyCertSign,cRLSign"));
    keytool(
        "server",
        "CN=localhost",
        DAYS,
        List.of("-signer", "ca", "-ext", "eku=serverAuth", "-ext", "san=" + names(hosts)));
    keytool("client", "CN=" + client, DAYS, List.of("-signer", "ca", "-ext", "eku=clientAuth"));
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password.toCharArray());
    }
    var files = new ArrayList<Path>();
    for (var name : List.of("ca", "server", "client")) {
      files.add(write(name + ".crt", "rw-r--r--", pem(keys.getCertificate(name))));
      files.add(write(name + ".key", "rw-------", pem(keys.getKey(name, password.toCharArray()))));
    }
    return files;
  }

  private static String names(List<String> hosts) {
    var names = new ArrayList<>(List.of("dns:localhost", "ip:127.0.0.1", "ip:::1"));
    for (var host : hosts) {
      names.add((host.contains(":") || host.matches("[0-9.]+") ? "ip:" : "dns:") + host);
    }
    return String.join(",", names);
  }

  private void keytool(String alias, String name, String days, List<String> extensions)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-validity",
                days,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass:env",
                PASSWORD_VARIABLE));
    command.addAll(extensions);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(PASSWORD_VARIABLE, password);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool failed: " + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while certificates were made", e);
    }
  }

  private Path write(String name, String permissions, String text) throws IOException {
    var file = folder.resolve(name);
    var attribute =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    Files.createFile(file, attribute);
    Files.writeString(file, text, StandardOpenOption.WRITE);
    return file;
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  private static String pem(Key key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String label, byte[] content) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }
}
