package dev.slipway.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.Base58;

/// The images that tests run. Those that they make are removed at the end: without its helper from
/// a registry, Testcontainers removes containers and networks only.
public final class TestImages implements AutoCloseable {
  private static final String OFFICIAL_POSTGRES = "postgres:18";

  private static final String PGBOUNCER =
      """
      FROM scratch
      COPY root /
      USER 70
      CMD ["/bin/pgbouncer", "/etc/pgbouncer/pgbouncer.ini"]
      """;

  private static final Path BUILT = Path.of("target/image");

  private final List<ImageFromDockerfile> made = new ArrayList<>();

  /// The product's image, without a changelog.
  public static Future<String> product() throws IOException {
    return built("slipway");
  }

  /// The image of this name as this checkout built it, whatever the name stands for by now.
  public static Future<String> built(String name) throws IOException {
    Path id = BUILT.resolve(name + ".id");
    if (Files.notExists(id)) {
      throw new IllegalStateException("there is no image to test; build it with: scripts/image");
    }
    return CompletableFuture.completedFuture(Files.readString(id));
  }

  /// The official PostgreSQL, where somebody has pulled it, else ours.
  ///
  /// @param work an empty folder, which stays until the image is built
  public Future<String> postgres(Path work) throws IOException {
    boolean isPulled =
        !DockerClientFactory.lazyClient()
            .listImagesCmd()
            .withReferenceFilter(OFFICIAL_POSTGRES)
            .exec()
            .isEmpty();
    return isPulled
        ? CompletableFuture.completedFuture(OFFICIAL_POSTGRES)
        : PostgresImage.define(make("postgres"), work);
  }

  /// The PgBouncer of this machine, which reads the file that images of it read.
  public Future<String> pgBouncer() throws IOException {
    ImageFromDockerfile image = make("pgbouncer").withFileFromString("Dockerfile", PGBOUNCER);
    LocalPrograms.add(image, "pgbouncer");
    return image;
  }

  /// An image that is built where it is needed first, of what the caller adds.
  public ImageFromDockerfile make(String name) {
    var image =
        new ImageFromDockerfile(
            "slipway-test-%s:%s".formatted(name, Base58.randomString(8).toLowerCase(Locale.ROOT)));
    made.add(image);
    return image;
  }

  @Override
  public void close() {
    for (ImageFromDockerfile image : made) {
      DockerClientFactory.lazyClient().removeImageCmd(image.get()).withForce(true).exec();
    }
  }
}
