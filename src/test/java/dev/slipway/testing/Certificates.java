package dev.slipway.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Keys with certificates, made by the JDK's keytool, in the forms in which people have them.
public final class Certificates {
  private static final char[] STORE_PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final Path store;

  public Certificates(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("all.p12");
  }

  /// A key and its certificate, self-signed, both for `localhost` and by that alias.
  public static Certificates ofLocalhost(Path folder) {
    return new Certificates(folder).make("localhost", "EC", "localhost");
  }

  /// Lets a server offer TLS with one of them.
  public EmbeddedPostgres.Builder serve(EmbeddedPostgres.Builder server, String alias) {
    return server
        .setServerConfig("ssl", "on")
        .setServerConfig("ssl_key_file", key(alias).toString())
        .setServerConfig("ssl_cert_file", certificate(alias).toString());
  }

  /// A key and its certificate, self-signed.
  ///
  /// @param more as keytool has it: `-ext`, `san=dns:localhost`; `-signer`, an alias
  public Certificates make(String alias, String algorithm, String commonName, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", algorithm));
    command.addAll(List.of("-dname", "CN=" + commonName, "-validity", "30"));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", new String(STORE_PASSWORD)));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(List.of(more));
    Tool.run(command.toArray(String[]::new));
    return this;
  }

  /// Writes certificates in PEM, without those that signed them.
  public Path certificate(String... aliases) {
    var pem = new StringBuilder();
    for (String alias : aliases) {
      pem.append("Certificate of ").append(alias).append('\n');
      pem.append(pem("CERTIFICATE", encoded(chain(alias)[0])));
    }
    return write(String.join("-", aliases) + ".crt", pem.toString());
  }

  /// Writes a key in PKCS#8.
  public Path key(String alias) {
    return write(alias + ".key", pem("PRIVATE KEY", key(alias, STORE_PASSWORD).getEncoded()));
  }

  /// Writes a key in PKCS#8, encrypted.
  public Path encryptedKey(String alias, String password) throws GeneralSecurityException {
    String algorithm = "PBEWithHmacSHA256AndAES_256";
    var secret =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.toCharArray()));
    var cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.ENCRYPT_MODE, secret);
    byte[] encrypted = cipher.doFinal(key(alias, STORE_PASSWORD).getEncoded());
    try {
      var parameters = AlgorithmParameters.getInstance("PBES2");
      parameters.init(cipher.getParameters().getEncoded());
      var info = new EncryptedPrivateKeyInfo(parameters, encrypted);
      return write(alias + ".encrypted.key", pem("ENCRYPTED PRIVATE KEY", info.getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a key as OpenSSL did by itself: PKCS#1 or SEC 1.
  public Path oldKey(String alias) {
    PrivateKey key = key(alias, STORE_PASSWORD);
    String label = key.getAlgorithm() + " PRIVATE KEY";
    return write(alias + ".old.key", pem(label, innerKey(key.getEncoded())));
  }

  /// What PKCS#8 wraps: the third element of its sequence.
  private static byte[] innerKey(byte[] pkcs8) {
    int at = contentAt(pkcs8, 0);
    for (int skipped = 0; skipped < 2; skipped++) {
      at = contentAt(pkcs8, at) + lengthAt(pkcs8, at);
    }
    int begin = contentAt(pkcs8, at);
    return Arrays.copyOfRange(pkcs8, begin, begin + lengthAt(pkcs8, at));
  }

  private static int contentAt(byte[] der, int at) {
    return at + 2 + (der[at + 1] >= 0 ? 0 : der[at + 1] & 0x7F);
  }

  private static int lengthAt(byte[] der, int at) {
    int length = 0;
    for (int i = der[at + 1] >= 0 ? at + 1 : at + 2; i < contentAt(der, at); i++) {
      length = (length << 8) | (der[i] & 0xFF);
    }
    return length;
  }

  /// Writes a certificate and its key together in PEM.
  public Path both(String alias) {
    return write(
        alias + ".pem",
        pem("CERTIFICATE", encoded(chain(alias)[0]))
            + pem("PRIVATE KEY", key(alias, STORE_PASSWORD).getEncoded()));
  }

  /// Writes both in PKCS#12.
  public Path pfx(String alias, String password) throws GeneralSecurityException {
    Path file = folder.resolve(alias + ".pfx");
    var pkcs12 = KeyStore.getInstance("PKCS12");
    try (OutputStream out = Files.newOutputStream(file)) {
      pkcs12.load(null, null);
      pkcs12.setKeyEntry(alias, key(alias, STORE_PASSWORD), password.toCharArray(), chain(alias));
      pkcs12.store(out, password.toCharArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private PrivateKey key(String alias, char[] password) {
    try {
      return (PrivateKey) open().getKey(alias, password);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Certificate[] chain(String alias) {
    try {
      return open().getCertificateChain(alias);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore open() throws GeneralSecurityException {
    try {
      return KeyStore.getInstance(store.toFile(), STORE_PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] encoded(Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n".formatted(label, lines);
  }

  /// Only the owner reads it: PostgreSQL wants that of keys.
  private Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.writeString(file, text);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
