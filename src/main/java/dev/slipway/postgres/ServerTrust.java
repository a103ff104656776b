package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.postgres.TlsFileException.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// What the SSL mode asks of a server's certificate: nothing, or a trusted authority, or that and
/// the name of the host.
final class ServerTrust extends X509ExtendedTrustManager {
  private final @Nullable X509ExtendedTrustManager authorities;
  private final @Nullable String host;

  /// @param authorities who must have signed; null: nothing is checked
  /// @param host whom it must be for; null: anybody
  private ServerTrust(@Nullable X509ExtendedTrustManager authorities, @Nullable String host) {
    this.authorities = authorities;
    this.host = host;
  }

  static ServerTrust of(ConnectionString to, String host) throws GeneralSecurityException {
    return switch (to.sslMode()) {
      case DISABLE, ALLOW, PREFER, REQUIRE -> new ServerTrust(null, null);
      case VERIFY_CA -> new ServerTrust(authorities(to), null);
      case VERIFY_FULL -> new ServerTrust(authorities(to), host);
    };
  }

  private static X509ExtendedTrustManager authorities(ConnectionString to)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance("PKIX");
    Optional<Path> file = to.rootCertificate();
    factory.init(file.isPresent() ? store(to, file.get()) : null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new CertificateException("the Java runtime has no PKIX trust manager");
  }

  private static KeyStore store(ConnectionString to, Path file) throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate : certificates(file)) {
        store.setCertificateEntry("root" + count++, certificate);
      }
      if (count > 0) {
        return store;
      }
      throw noCertificate(to, file, null);
    } catch (IOException e) {
      throw TlsFileException.unreadable(to, Role.AUTHORITIES, file, e);
    } catch (CertificateException | IllegalArgumentException e) {
      throw noCertificate(to, file, e);
    }
  }

  /// PEM, or one certificate in DER.
  private static List<? extends Certificate> certificates(Path file)
      throws IOException, CertificateException {
    PemFile pem = PemFile.read(file);
    if (!pem.blocks().isEmpty()) {
      return pem.certificates();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return List.of(CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
  }

  private static TlsFileException noCertificate(
      ConnectionString to, Path file, @Nullable Exception cause) {
    return new TlsFileException(
        to,
        Role.AUTHORITIES,
        file,
        "holds no certificate that can be read",
        "Write the authorities' certificates into it, in PEM: -----BEGIN CERTIFICATE-----",
        cause);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    if (authorities == null) {
      return;
    }
    try {
      authorities.checkServerTrusted(chain, authType, socket);
    } catch (CertificateException e) {
      throw ServerCertificateException.untrusted(e);
    }
    if (host != null) {
      CertificateNames names = CertificateNames.of(chain[0]);
      if (!names.include(host)) {
        throw ServerCertificateException.wrongName(host, names);
      }
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw new UnsupportedOperationException("sessions are sockets");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    throw new UnsupportedOperationException("sessions are sockets");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
    throw new UnsupportedOperationException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw new UnsupportedOperationException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {
    throw new UnsupportedOperationException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
  }
}
