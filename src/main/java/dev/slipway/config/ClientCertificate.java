package dev.slipway.config;

import java.nio.file.Path;
import java.util.Optional;

/// What the client shows to a server that asks for its certificate.
///
/// @param certificate PEM, or PKCS#12 if its name ends in `.pfx`
/// @param key PEM; empty: it stands in the certificate's file
/// @param password of the key, or of the PKCS#12 file
public record ClientCertificate(Path certificate, Optional<Path> key, Optional<Secret> password) {}
