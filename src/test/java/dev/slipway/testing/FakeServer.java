package dev.slipway.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A port of localhost where no PostgreSQL answers, or not at once. Clients must do without TLS.
public final class FakeServer implements AutoCloseable {
  private static final int FILLING_MILLIS = 200;

  private final ServerSocket listening;
  private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();

  /// What is done with a connection that was accepted.
  @FunctionalInterface
  private interface Conduct {
    void serve(Socket client) throws IOException;
  }

  private FakeServer(int backlog) throws IOException {
    listening = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
  }

  private static FakeServer serving(Conduct conduct) {
    try {
      var server = new FakeServer(50);
      Thread.ofVirtual().start(() -> server.accept(conduct));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Accepts connections and says nothing.
  public static FakeServer silent() {
    return serving(client -> {});
  }

  /// Answers whatever is said, in the words of another protocol.
  public static FakeServer answering(String text) {
    return serving(
        client -> {
          client.getInputStream().readNBytes(1);
          client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
          client.shutdownOutput();
          client.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
  }

  /// Does not even accept, as if packets were dropped on the way: its queue is full.
  public static FakeServer unreachable() {
    try {
      var server = new FakeServer(1);
      server.fill();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Refuses so many sessions as PostgreSQL does; the others reach the server.
  public static FakeServer refusing(List<String> sqlStates, TestServer then) {
    Queue<String> left = new ConcurrentLinkedQueue<>(sqlStates);
    return serving(
        client -> {
          String sqlState = left.poll();
          if (sqlState == null) {
            forward(client, then);
          } else {
            refuse(client, sqlState);
          }
        });
  }

  /// A port of localhost where nothing listens.
  public static int unusedPort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void accept(Conduct conduct) {
    try {
      while (true) {
        Socket client = listening.accept();
        clients.add(client);
        Thread.ofVirtual().start(() -> serve(conduct, client));
      }
    } catch (IOException _) {
      // Closed: there are no more clients.
    }
  }

  private static void serve(Conduct conduct, Socket client) {
    try {
      conduct.serve(client);
    } catch (IOException _) {
      // The client has gone.
    }
  }

  private void fill() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    while (true) {
      var client = new Socket();
      clients.add(client);
      try {
        client.connect(address, FILLING_MILLIS);
      } catch (SocketTimeoutException _) {
        return;
      }
    }
  }

  private static void refuse(Socket client, String sqlState) throws IOException {
    var in = new DataInputStream(client.getInputStream());
    in.readNBytes(in.readInt() - Integer.BYTES);
    var fields = new ByteArrayOutputStream();
    for (String field :
        List.of("SFATAL", "VFATAL", "C" + sqlState, "Mthe database system is starting up")) {
      fields.writeBytes(field.getBytes(StandardCharsets.US_ASCII));
      fields.write(0);
    }
    fields.write(0);
    var out = new DataOutputStream(client.getOutputStream());
    out.writeByte('E');
    out.writeInt(Integer.BYTES + fields.size());
    fields.writeTo(out);
    client.close();
  }

  private static void forward(Socket client, TestServer to) throws IOException {
    var server = new Socket(InetAddress.getLoopbackAddress(), to.port());
    Thread.ofVirtual().start(() -> copy(server, client));
    copy(client, server);
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One of the two has gone; both are closed.
    }
  }

  @Override
  public void close() {
    try (listening) {
      for (Socket client : clients) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
