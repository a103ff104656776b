package dev.slipway.image;

import dev.slipway.testing.TestServer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.rnorth.ducttape.ratelimits.RateLimiter;
import org.rnorth.ducttape.ratelimits.RateLimiterBuilder;
import org.rnorth.ducttape.unreliables.Unreliables;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;

/// PostgreSQL in a container, which asks everyone but its superuser for a password.
public final class PostgresContainer extends GenericContainer<PostgresContainer> {
  private static final int PORT = 5432;
  private static final int STARTS_WITHIN_SECONDS = 60;
  private static final String RULES = "/slipway-pg_hba.conf";

  /// @param image the official one, or of [PostgresImage]
  /// @param name under which other containers in the network find it
  public PostgresContainer(Future<String> image, Network network, String name) {
    super(image);
    withNetwork(network);
    withNetworkAliases(name);
    withExposedPorts(PORT);
    withEnv("POSTGRES_HOST_AUTH_METHOD", "trust");
    withCopyToContainer(Transferable.of(TestServer.PASSWORD_RULES), RULES);
    withCommand(
        "postgres", "-c", "listen_addresses=*", "-c", "hba_file=" + RULES, "-c", "fsync=off");
  }

  /// Only a connection tells: the official image starts its server once before, without a port.
  @Override
  protected void waitUntilContainerStarted() {
    RateLimiter limiter =
        RateLimiterBuilder.newBuilder()
            .withRate(10, TimeUnit.SECONDS)
            .withConstantThroughput()
            .build();
    Unreliables.retryUntilSuccess(
        STARTS_WITHIN_SECONDS,
        TimeUnit.SECONDS,
        () ->
            limiter.getWhenReady(
                () -> {
                  server().administer("SELECT 1");
                  return true;
                }));
  }

  public TestServer server() {
    return TestServer.at(getMappedPort(PORT));
  }
}
