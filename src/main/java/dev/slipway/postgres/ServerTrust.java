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
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final List<X509Certificate> between;
  private final @Nullable String host;

  /// @param authorities who must have signed; null: nothing is checked
  /// @param between certificates that may lead to them, where the server does not send these
  /// @param host whom it must be for; null: anybody
  private ServerTrust(
      @Nullable X509ExtendedTrustManager authorities,
      List<X509Certificate> between,
      @Nullable String host) {
    this.authorities = authorities;
    this.between = between;
    this.host = host;
  }

  static ServerTrust of(ConnectionString to, String host) throws GeneralSecurityException {
    return switch (to.sslMode()) {
      case DISABLE, ALLOW, PREFER, REQUIRE -> new ServerTrust(null, List.of(), null);
      case VERIFY_CA -> checking(to, null);
      case VERIFY_FULL -> checking(to, host);
    };
  }

  private static ServerTrust checking(ConnectionString to, @Nullable String host)
      throws GeneralSecurityException {
    Optional<Path> file = to.rootCertificate();
    if (file.isEmpty()) {
      return new ServerTrust(authorities(null), List.of(), host);
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    List<X509Certificate> between = fill(store, to, file.get());
    return new ServerTrust(authorities(store), between, host);
  }

  /// @param store null: the authorities that the system trusts
  private static X509ExtendedTrustManager authorities(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new CertificateException("the Java runtime has no PKIX trust manager");
  }

  /// Puts the authorities of a file into the store. As in .NET that is who signed itself, and is
  /// valid now; the JDK would trust each certificate of a store, also an expired one.
  ///
  /// @return the others
  private static List<X509Certificate> fill(KeyStore store, ConnectionString to, Path file)
      throws GeneralSecurityException {
    List<X509Certificate> between = new ArrayList<>();
    try {
      store.load(null, null);
      List<X509Certificate> certificates = certificates(file);
      if (certificates.isEmpty()) {
        throw noCertificate(to, file, null);
      }
      for (X509Certificate certificate : certificates) {
        if (isAuthority(certificate)) {
          store.setCertificateEntry("root" + store.size(), certificate);
        } else {
          between.add(certificate);
        }
      }
    } catch (IOException e) {
      throw TlsFileException.unreadable(to, Role.AUTHORITIES, file, e);
    } catch (CertificateException | IllegalArgumentException e) {
      throw noCertificate(to, file, e);
    }
    if (store.size() == 0) {
      throw new TlsFileException(
          to,
          Role.AUTHORITIES,
          file,
          "holds no authority that signed itself and is valid now",
          "Write the certificate of the topmost authority into it: .NET trusts no other either.",
          null);
    }
    return between;
  }

  private static boolean isAuthority(X509Certificate certificate) {
    try {
      certificate.verify(certificate.getPublicKey());
      certificate.checkValidity();
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /// PEM, or one certificate in DER.
  private static List<X509Certificate> certificates(Path file)
      throws IOException, CertificateException {
    PemFile pem = PemFile.read(file);
    if (!pem.blocks().isEmpty()) {
      return pem.certificates();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return List.of(
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
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
      authorities.checkServerTrusted(withThoseBetween(chain), authType, socket);
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

  private X509Certificate[] withThoseBetween(X509Certificate[] chain) {
    if (between.isEmpty()) {
      return chain;
    }
    List<X509Certificate> all = new ArrayList<>(Arrays.asList(chain));
    all.addAll(between);
    return all.toArray(new X509Certificate[0]);
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
