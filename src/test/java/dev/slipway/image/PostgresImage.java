package dev.slipway.image;

import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/// PostgreSQL for containers where no registry is in reach: the embedded server, the libraries of
/// this machine that it loads, and a cluster that `initdb` has made. It starts as the official one
/// does, and has of its programs those that examples call.
final class PostgresImage {
  private static final String HOME = "root/opt/postgres/";
  private static final int EXECUTABLE = 0755;

  private static final String DOCKERFILE =
      """
      FROM scratch
      COPY --chown=70:70 root /
      ENV PATH=/bin:/opt/postgres/bin PGDATA=/data
      USER 70
      EXPOSE 5432
      ENTRYPOINT ["/entrypoint"]
      CMD ["postgres"]
      """;

  /// What the official image makes of its environment, at the first start.
  private static final String ENTRYPOINT =
      """
      #!/bin/sh
      set -eu
      if [ -n "${POSTGRES_USER:-}" ] && [ ! -e "$PGDATA/made" ]; then
          password=${POSTGRES_PASSWORD:-$(cat "$POSTGRES_PASSWORD_FILE")}
          echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
          echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
          postgres --single postgres >/dev/null <<SQL
      CREATE ROLE $POSTGRES_USER SUPERUSER LOGIN PASSWORD '$password'
      CREATE DATABASE $POSTGRES_DB
      SQL
          : >"$PGDATA/made"
      fi
      exec "$@"
      """;

  private static final String USERS = "root:x:0:0::/:\npostgres:x:70:70::/data:\n";

  private PostgresImage() {}

  /// @param image a name, to which the contents are added
  /// @param data an empty folder, which stays until the image is built
  static ImageFromDockerfile define(ImageFromDockerfile image, Path data) throws IOException {
    Path home = makeCluster(data);
    Path program = home.resolve("bin/postgres");
    image
        .withFileFromString("Dockerfile", DOCKERFILE)
        .withFileFromPath("root/data", data)
        .withFileFromString("root/tmp/for-sockets", "")
        .withFileFromString("root/etc/passwd", USERS)
        .withFileFromTransferable("root/entrypoint", Transferable.of(ENTRYPOINT, EXECUTABLE))
        .withFileFromPath(HOME + "bin/postgres", program)
        .withFileFromPath(HOME + "lib/postgresql", home.resolve("lib/postgresql"))
        .withFileFromPath(HOME + "share", home.resolve("share"));
    for (Path library : LocalPrograms.libraries(program)) {
      String place = library.startsWith(home) ? HOME + home.relativize(library) : "root" + library;
      image.withFileFromPath(place, library.toRealPath());
    }
    for (String tool : List.of("sh", "cat", "chown", "pg_isready")) {
      LocalPrograms.add(image, tool);
    }
    return image;
  }

  /// Makes a cluster with the superuser `postgres`.
  ///
  /// @return where the server's files are
  private static Path makeCluster(Path data) throws IOException {
    try (EmbeddedPostgres postgres =
            TestServer.builder("newest")
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setLocaleConfig("locale", "C")
                .start();
        Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT setting FROM pg_config WHERE name = 'BINDIR'")) {
      row.next();
      return Path.of(row.getString(1)).resolveSibling("").toRealPath();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
