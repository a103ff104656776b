package dev.slipway.image;

import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// PostgreSQL for containers where no registry is in reach: the embedded server, the libraries of
/// this machine that it loads, and a cluster that `initdb` has made. It has no shell and starts as
/// the official image does.
final class PostgresImage {
  private static final String HOME = "root/opt/postgres/";

  /// What ldd prints: `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f…)`.
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private static final String DOCKERFILE =
      """
      FROM scratch
      COPY --chown=70:70 root /
      ENV PATH=/opt/postgres/bin PGDATA=/data
      USER 70
      EXPOSE 5432
      CMD ["postgres"]
      """;

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
        .withFileFromPath(HOME + "bin/postgres", program)
        .withFileFromPath(HOME + "lib/postgresql", home.resolve("lib/postgresql"))
        .withFileFromPath(HOME + "share", home.resolve("share"));
    for (Path library : libraries(program)) {
      String place = library.startsWith(home) ? HOME + home.relativize(library) : "root" + library;
      image.withFileFromPath(place, library.toRealPath());
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

  private static List<Path> libraries(Path program) {
    return LIBRARY
        .matcher(Tool.run("ldd", program.toString()))
        .results()
        .map(found -> Path.of(found.group(1)).normalize())
        .toList();
  }
}
