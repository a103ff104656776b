package dev.slipway.postgres;

import java.net.IDN;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/// The hosts that a server's certificate is for, as .NET reads them: its alternative names. Common
/// names count for an IP address, and for a host name if no alternative is one.
record CertificateNames(List<String> hosts, List<String> addresses, List<String> commonNames) {
  /// `GeneralName` of RFC 5280, section 4.2.1.6.
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  static CertificateNames of(X509Certificate certificate) throws CertificateParsingException {
    List<String> hosts = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        if (alternative.get(0).equals(DNS_NAME)) {
          hosts.add((String) alternative.get(1));
        } else if (alternative.get(0).equals(IP_ADDRESS)) {
          addresses.add((String) alternative.get(1));
        }
      }
    }
    return new CertificateNames(hosts, addresses, commonNames(certificate));
  }

  private static List<String> commonNames(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          names.add(rdn.getValue().toString());
        }
      }
    } catch (InvalidNameException _) {
      return List.of();
    }
    return names;
  }

  /// @param host a name or an IP address
  boolean include(String host) {
    try {
      return isAddressOf(InetAddress.ofLiteral(host), host);
    } catch (IllegalArgumentException _) {
      String wanted = ascii(host);
      List<String> names = hosts.isEmpty() ? commonNames : hosts;
      return names.stream().anyMatch(name -> matches(ascii(name), wanted));
    }
  }

  private boolean isAddressOf(InetAddress wanted, String text) {
    return commonNames.contains(text)
        || addresses.stream().anyMatch(address -> InetAddress.ofLiteral(address).equals(wanted));
  }

  /// A star stands for one whole label, the first.
  private static boolean matches(String name, String wanted) {
    if (!name.startsWith("*.")) {
      return name.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return dot > 0 && wanted.substring(dot).equals(name.substring(1));
  }

  private static String ascii(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    try {
      return IDN.toASCII(lower);
    } catch (IllegalArgumentException _) {
      return lower;
    }
  }

  /// What it is for, as a list.
  String text() {
    List<String> all = new ArrayList<>(hosts);
    all.addAll(addresses);
    if (hosts.isEmpty()) {
      all.addAll(commonNames);
    }
    return all.isEmpty() ? "no host" : String.join(", ", all);
  }
}
