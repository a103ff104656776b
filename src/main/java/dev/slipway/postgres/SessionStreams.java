package dev.slipway.postgres;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Properties;

/// Both directions of a connection, with what pgjdbc must not send and must not see taken out.
record SessionStreams(ParameterStatusInputStream in, StartupOutputStream out) {
  /// The connection property that holds the time zone of the connection string, if it names one.
  static final String TIMEZONE = "slipway.timezone";

  static SessionStreams of(InputStream in, OutputStream out, Optional<String> timezone) {
    var filteredIn = new ParameterStatusInputStream(in);
    return new SessionStreams(
        filteredIn, new StartupOutputStream(out, timezone, filteredIn::watch));
  }

  static Optional<String> timezone(Properties connectionProperties) {
    return Optional.ofNullable(connectionProperties.getProperty(TIMEZONE));
  }
}
