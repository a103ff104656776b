package dev.slipway.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of certificates and keys as RFC 7468 writes them, one behind the other. What stands
/// between them is comment.
record PemFile(List<Block> blocks) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final String CERTIFICATE = "CERTIFICATE";

  PemFile {
    blocks = List.copyOf(blocks);
  }

  /// One certificate or key.
  ///
  /// @param base64 what stands between its lines
  record Block(String label, String base64) {

    /// Whether OpenSSL has encrypted it in its old way, with headers of its own.
    boolean isEncrypted() {
      return base64.contains("Proc-Type:");
    }

    /// @throws IllegalArgumentException if it is no Base64
    byte[] content() {
      return Base64.getMimeDecoder().decode(base64);
    }
  }

  /// @throws IOException also if it is a pipe or a device, which may hold more than memory does
  static PemFile read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return new PemFile(blocks);
  }

  /// The first block with one of these labels.
  Optional<Block> first(List<String> labels) {
    for (Block block : blocks) {
      if (labels.contains(block.label())) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  /// @throws IllegalArgumentException if one is no Base64
  List<X509Certificate> certificates() throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (Block block : blocks) {
      if (block.label().equals(CERTIFICATE)) {
        var content = new ByteArrayInputStream(block.content());
        certificates.add((X509Certificate) factory.generateCertificate(content));
      }
    }
    return certificates;
  }
}
