package dev.slipway.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables `DB_NAME`, `DB_USER`, `DB_PASSWORD`, `DB_HOST`, `DB_PORT` and `DB_CONNECTION_TYPE`
/// (`tcp` or `socket`) as a connection string whose name is that of the database. They count only
/// where no connection string was given, and only together with a host or `socket`: others use
/// these names, too.
final class DatabaseVariables {
  private final Map<String, String> environment;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder names = new StringBuilder();

  private DatabaseVariables(Map<String, String> environment) {
    this.environment = environment;
  }

  static void add(Map<String, String> environment, Sources sources) {
    String name = environment.getOrDefault("DB_NAME", "");
    String type = environment.getOrDefault("DB_CONNECTION_TYPE", "");
    boolean socket = type.equalsIgnoreCase("socket");
    if (name.isEmpty() || (!socket && environment.getOrDefault("DB_HOST", "").isEmpty())) {
      return;
    }
    if (!socket && !type.isEmpty() && !type.equalsIgnoreCase("tcp")) {
      sources.problem(
          Sources.VARIABLE.concat("DB_CONNECTION_TYPE"),
          "\"DB_CONNECTION_TYPE\" cannot be " + Shown.value(type),
          "Write socket or tcp.");
      return;
    }
    var variables = new DatabaseVariables(environment);
    variables.compose(socket);
    sources.add(
        Sources.CONNECTION_STRINGS.concat(name),
        variables.text.toString(),
        "environment variables ".concat(variables.names.toString()),
        Given.Origin.VARIABLE);
  }

  private void compose(boolean socket) {
    String host = environment.getOrDefault("DB_HOST", "");
    if (socket && !HostAddress.isFolder(host)) {
      pair("Host", ConnectionUri.unixSocketFolder());
      names.append("DB_CONNECTION_TYPE");
    } else {
      pair("Host", "DB_HOST", host);
    }
    pair("Port", "DB_PORT", environment.get("DB_PORT"));
    pair("Database", "DB_NAME", environment.get("DB_NAME"));
    pair("Username", "DB_USER", environment.get("DB_USER"));
    pair("Password", "DB_PASSWORD", environment.get("DB_PASSWORD"));
  }

  private void pair(String key, String variable, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      names.append(names.isEmpty() ? "" : ", ").append(variable);
      pair(key, value);
    }
  }

  private void pair(String key, String value) {
    text.append(key).append("=\"").append(value.replace("\"", "\"\"")).append("\";");
  }
}
