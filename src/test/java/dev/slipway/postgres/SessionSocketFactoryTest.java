package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.config.ConnectionString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/// The sockets of pgjdbc's connections.
final class SessionSocketFactoryTest {

  @Test
  void the_times_of_keepalive_are_those_of_the_connection_string() throws IOException {
    try (var server = new ServerSocket(0, 3, InetAddress.getLoopbackAddress());
        Socket both = socket(server, ";TCP Keepalive Time=33;TCP Keepalive Interval=7");
        Socket one = socket(server, ";TCP Keepalive Time=33");
        Socket none = socket(server, ";TCP Keepalive=true");
        var usual = new Socket()) {
      assertThat(times(both)).isEqualTo("33 7");
      assertThat(times(one)).isEqualTo("33 33");
      assertThat(times(none)).isEqualTo(times(usual));
    }
  }

  private static Socket socket(ServerSocket server, String more) throws IOException {
    var to =
        ConnectionString.parse("Gateway", "Host=127.0.0.1;Port=" + server.getLocalPort() + more);
    var properties = ConnectionProperties.of(to, to.hosts().getFirst(), "user", 1_000);
    return new SessionSocketFactory(properties).createSocket();
  }

  private static String times(Socket socket) throws IOException {
    return socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)
        + " "
        + socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL);
  }
}
