package dev.slipway.testing;

import java.io.IOException;
import java.io.OutputStream;

/// The server of `scripts/demo`: an embedded PostgreSQL with a role `demo`, which owns the
/// databases that are named as arguments. Prints its port, and runs until its standard input ends.
public final class DemoServer {
  private DemoServer() {}

  public static void main(String[] databases) throws IOException {
    TestServer server = TestServer.newest();
    server.administer("CREATE ROLE demo LOGIN");
    for (String database : databases) {
      server.administer("CREATE DATABASE " + database + " OWNER demo");
    }
    System.out.println(server.port());
    System.out.flush();
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }
}
