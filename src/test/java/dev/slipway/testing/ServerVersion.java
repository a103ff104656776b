package dev.slipway.testing;

/// The servers at both ends of what Slipway supports, for tests that must hold on each.
public enum ServerVersion {
  OLDEST,
  NEWEST;

  public TestServer server() {
    return switch (this) {
      case OLDEST -> TestServer.oldest();
      case NEWEST -> TestServer.newest();
    };
  }
}
