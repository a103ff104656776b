package dev.slipway.postgres;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// As much of ASN.1's encoding (DER, X.690) as the older forms of private keys need.
final class Der {
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private Der() {}

  /// A key of PKCS#1 or SEC 1 in PKCS#8 (RFC 5208), which says what sort of key it is. That is
  /// taken from the public key.
  ///
  /// @param publicKey as `SubjectPublicKeyInfo`, which begins with an `AlgorithmIdentifier`
  static byte[] privateKeyInfo(byte[] publicKey, byte[] privateKey) {
    int algorithm = contentAt(publicKey, 0);
    int end = contentAt(publicKey, algorithm) + lengthAt(publicKey, algorithm);
    var content = new ByteArrayOutputStream();
    content.writeBytes(VERSION_0);
    content.writeBytes(Arrays.copyOfRange(publicKey, algorithm, end));
    content.writeBytes(element(OCTET_STRING, privateKey));
    return element(SEQUENCE, content.toByteArray());
  }

  /// Where the content of the element at this place begins.
  private static int contentAt(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
  }

  private static int lengthAt(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7F); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xFF);
    }
    return length;
  }

  private static byte[] element(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
