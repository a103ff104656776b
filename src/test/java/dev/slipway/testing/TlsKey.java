package dev.slipway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// A server's key that only its owner can read, as PostgreSQL wants it, and its own certificate for
/// `localhost`.
public record TlsKey(Path key, Path certificate) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  public static TlsKey create(Path folder) throws IOException, GeneralSecurityException {
    Path key = folder.resolve("server.key");
    Path certificate = folder.resolve("server.crt");
    Path store = folder.resolve("server.p12");
    Tool.run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-storetype",
        "PKCS12",
        "-storepass",
        new String(PASSWORD),
        "-keystore",
        store.toString());
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    write(key, "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
    write(certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return new TlsKey(key, certificate);
  }

  private static void write(Path file, String label, byte[] content) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(file, "-----BEGIN %s-----\n%s\n-----END %1$s-----\n".formatted(label, lines));
  }
}
