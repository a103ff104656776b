package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.config.ConnectionString;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/// The sockets of pgjdbc's connections.
final class SessionSocketFactoryTest {

  @Test
  void the_times_of_keepalive_are_those_of_the_connection_string() throws IOException {
    try (var server = new ServerSocket(0);
        Socket both = socket(server, ";TCP Keepalive Time=33;TCP Keepalive Interval=7");
        Socket one = socket(server, ";TCP Keepalive Time=33");
        Socket none = socket(server, ";TCP Keepalive=true");
        var usual = new Socket()) {
      assertThat(times(both)).isEqualTo("33 7");
      assertThat(times(one)).isEqualTo("33 33");
      assertThat(times(none)).isEqualTo(times(usual));
    }
  }

  @Test
  void the_addresses_of_a_name_are_tried_until_one_answers_and_that_is_kept() throws IOException {
    InetAddress dead = InetAddress.ofLiteral("127.0.0.8");
    InetAddress alive = InetAddress.ofLiteral("127.0.0.9");
    try (var server = new ServerSocket(0, 50, alive)) {
      SessionSocketFactory factory = factory(server.getLocalPort(), "");

      try (Socket first = factory.connect(dead, alive);
          Socket second = factory.createSocket()) {
        assertThat(first.getInetAddress()).isEqualTo(alive);
        assertThat(second.getInetAddress()).isEqualTo(alive);
      }
    }
  }

  @Test
  void a_name_of_which_no_address_answers_is_refused_as_its_first_is() throws IOException {
    SessionSocketFactory factory = factory(unused(), "");

    IOException failure =
        catchThrowableOfType(
            IOException.class,
            () ->
                factory.connect(
                    InetAddress.ofLiteral("127.0.0.8"), InetAddress.ofLiteral("127.0.0.9")));

    assertThat(failure).isInstanceOf(ConnectException.class);
    assertThat(failure.getSuppressed()).hasSize(1);
  }

  private static int unused() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static SessionSocketFactory factory(int port, String more) {
    var to = ConnectionString.parse("Gateway", "Host=localhost;Port=" + port + more);
    return new SessionSocketFactory(
        ConnectionProperties.of(to, to.hosts().getFirst(), "user", 1_000));
  }

  private static Socket socket(ServerSocket server, String more) throws IOException {
    return factory(server.getLocalPort(), more).createSocket();
  }

  private static String times(Socket socket) throws IOException {
    return socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)
        + " "
        + socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL);
  }
}
