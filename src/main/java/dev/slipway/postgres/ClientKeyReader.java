package dev.slipway.postgres;

import dev.slipway.config.ClientCertificate;
import dev.slipway.config.ConnectionString;
import dev.slipway.config.Secret;
import dev.slipway.postgres.TlsFileException.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Reads the certificate that a client shows, and its key, from the files that the connection
/// string names.
final class ClientKeyReader {
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final String PKCS8 = "PRIVATE KEY";
  private static final List<String> KEY_LABELS =
      List.of(PKCS8, ENCRYPTED, "RSA PRIVATE KEY", "EC PRIVATE KEY");
  private static final String CONVERT = "Convert it: openssl pkcs8 -topk8 -in old.key -out new.key";
  private static final String NAME_KEY =
      "Name the key that the certificate was made for: SSL Key=/path/client.key";
  private static final String CHECK_PASSWORD =
      "Check SSL Password: it is that of the key, or of the .pfx file.";

  private final ConnectionString to;
  private final ClientCertificate given;
  private final Path keyFile;

  private ClientKeyReader(ConnectionString to, ClientCertificate given) {
    this.to = to;
    this.given = given;
    this.keyFile = given.key().orElse(given.certificate());
  }

  /// @throws TlsFileException if a file is missing, or is not what it should be
  static ClientKey read(ConnectionString to, ClientCertificate given)
      throws GeneralSecurityException {
    var reader = new ClientKeyReader(to, given);
    String name = given.certificate().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".pfx") ? reader.readPkcs12() : reader.readPem();
  }

  private ClientKey readPkcs12() throws GeneralSecurityException {
    char[] password = given.password().map(Secret::reveal).orElse("").toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(given.certificate())) {
      store.load(in, password);
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw problem(Role.CERTIFICATE, "is not opened by its password", CHECK_PASSWORD, e);
      }
      if (!Files.isReadable(given.certificate()) || Files.isDirectory(given.certificate())) {
        throw TlsFileException.unreadable(to, Role.CERTIFICATE, given.certificate(), e);
      }
      throw noPkcs12(e);
    }
    for (String alias : Collections.list(store.aliases())) {
      Certificate @Nullable [] chain = store.getCertificateChain(alias);
      if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Certificate certificate : chain) {
          certificates.add((X509Certificate) certificate);
        }
        return new ClientKey(certificates, key);
      }
    }
    throw noPkcs12(null);
  }

  private TlsFileException noPkcs12(@Nullable Exception cause) {
    return problem(
        Role.CERTIFICATE,
        "holds no certificate with a key in PKCS#12",
        "Write both into it: openssl pkcs12 -export -in x.crt -inkey x.key -out x.pfx",
        cause);
  }

  private ClientKey readPem() throws GeneralSecurityException {
    List<X509Certificate> chain = certificates();
    PublicKey certified = chain.getFirst().getPublicKey();
    PemFile.Block block = keyBlock();
    PrivateKey key;
    try {
      key =
          KeyFactory.getInstance(certified.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8(block, certified)));
    } catch (GeneralSecurityException e) {
      throw problem(
          Role.KEY,
          "is broken, or of another sort than the client certificate \"%s\""
              .formatted(given.certificate()),
          NAME_KEY,
          e);
    }
    checkPair(key, certified);
    return new ClientKey(chain, key);
  }

  private List<X509Certificate> certificates() {
    Path file = given.certificate();
    try {
      List<X509Certificate> chain = PemFile.read(file).certificates();
      if (!chain.isEmpty()) {
        return chain;
      }
      throw noCertificate(null);
    } catch (IOException e) {
      throw TlsFileException.unreadable(to, Role.CERTIFICATE, file, e);
    } catch (CertificateException | IllegalArgumentException e) {
      throw noCertificate(e);
    }
  }

  private TlsFileException noCertificate(@Nullable Exception cause) {
    return problem(
        Role.CERTIFICATE,
        "holds no certificate that can be read",
        "Write it in PEM (-----BEGIN CERTIFICATE-----), or name a PKCS#12 file that ends in .pfx.",
        cause);
  }

  private PemFile.Block keyBlock() {
    try {
      Optional<PemFile.Block> block = PemFile.read(keyFile).first(KEY_LABELS);
      if (block.isPresent()) {
        return block.get();
      }
      throw noKey(null);
    } catch (IOException e) {
      throw TlsFileException.unreadable(to, Role.KEY, keyFile, e);
    }
  }

  private TlsFileException noKey(@Nullable Exception cause) {
    return problem(
        Role.KEY,
        "holds no private key that can be read",
        given.key().isPresent()
            ? "Write it in PEM: -----BEGIN PRIVATE KEY-----"
            : "Name the file of the key: SSL Key=/path/client.key",
        cause);
  }

  private byte[] pkcs8(PemFile.Block block, PublicKey certified) {
    if (block.isEncrypted()) {
      throw problem(Role.KEY, "is encrypted in an old way that .NET does not read", CONVERT, null);
    }
    if (given.password().isPresent() && !block.label().equals(ENCRYPTED)) {
      throw problem(
          Role.KEY,
          "is not encrypted, and a password is given",
          "Take SSL Password out of ConnectionStrings__%s: .NET refuses it too."
              .formatted(to.name()),
          null);
    }
    byte[] content;
    try {
      content = block.content();
    } catch (IllegalArgumentException e) {
      throw noKey(e);
    }
    return switch (block.label()) {
      case PKCS8 -> content;
      case ENCRYPTED -> decrypted(content);
      default -> Der.privateKeyInfo(certified.getEncoded(), content);
    };
  }

  private byte[] decrypted(byte[] content) {
    if (given.password().isEmpty()) {
      throw problem(
          Role.KEY,
          "is encrypted, and no password is given",
          "Add the key's password to ConnectionStrings__%s: ;SSL Password=…".formatted(to.name()),
          null);
    }
    EncryptedPrivateKeyInfo info;
    SecretKeyFactory factory;
    try {
      info = new EncryptedPrivateKeyInfo(content);
      // Of PBES2 (RFC 8018) the JDK knows a factory for each set of parameters, which are its name.
      // Of an algorithm that it does not know there are none.
      String parameters = String.valueOf(info.getAlgParameters());
      factory =
          SecretKeyFactory.getInstance(
              parameters.startsWith("PBE") ? parameters : info.getAlgName());
    } catch (IOException | GeneralSecurityException e) {
      throw problem(Role.KEY, "is encrypted in a way that is not known", CONVERT, e);
    }
    var password = new PBEKeySpec(given.password().get().reveal().toCharArray());
    try {
      return info.getKeySpec(factory.generateSecret(password), factory.getProvider()).getEncoded();
    } catch (GeneralSecurityException e) {
      throw problem(Role.KEY, "is not opened by its password", CHECK_PASSWORD, e);
    } finally {
      password.clearPassword();
    }
  }

  private void checkPair(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      if (!signature.verify(signed)) {
        throw notItsKey(null);
      }
    } catch (GeneralSecurityException e) {
      throw notItsKey(e);
    }
  }

  private TlsFileException notItsKey(@Nullable Exception cause) {
    return problem(
        Role.KEY,
        "does not belong to the client certificate \"%s\"".formatted(given.certificate()),
        NAME_KEY,
        cause);
  }

  /// Where no key is named, it is the certificate's file that has what is wrong with it.
  private TlsFileException problem(
      Role role, String problem, String remedy, @Nullable Exception cause) {
    return role == Role.KEY && given.key().isPresent()
        ? new TlsFileException(to, Role.KEY, keyFile, problem, remedy, cause)
        : new TlsFileException(to, Role.CERTIFICATE, given.certificate(), problem, remedy, cause);
  }
}
